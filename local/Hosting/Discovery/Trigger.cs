using System.Reflection;

namespace Millrace.Local.Hosting.Discovery;

/// <summary>What starts a function: one of HTTP, queue, timer.</summary>
internal abstract record Trigger(ParameterInfo Parameter, string BindingType);
