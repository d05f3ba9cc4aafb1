using System.Text.Json.Serialization;

namespace Millrace.Tests.Client.Example;

[JsonSerializable(typeof(Greeting))]
internal sealed partial class GreetJson : JsonSerializerContext;
