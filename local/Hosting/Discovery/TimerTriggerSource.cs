using System.Reflection;
using Millrace.Local.Hosting.Timers;

namespace Millrace.Local.Hosting.Discovery;

/// <summary>A timer trigger, its schedule parsed.</summary>
internal sealed record TimerTriggerSource(ParameterInfo Parameter, TimerSchedule Schedule, bool UseMonitor, bool RunOnStartup)
    : Trigger(Parameter, "timerTrigger");
