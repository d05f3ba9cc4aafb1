using Millrace.Tests.Chaos.Scenarios.Processes;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Running;

/// <summary>Every scenario, in the order of the table; and those of the short form.</summary>
internal static class AllScenarios
{
    internal static IReadOnlyList<Scenario> Long { get; } =
    [
        new KilledAtRandom(),
    ];

    internal static IReadOnlyList<Scenario> Short { get; } =
    [
        new KilledAtRandom(),
    ];
}
