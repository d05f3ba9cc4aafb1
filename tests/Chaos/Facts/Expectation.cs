namespace Millrace.Tests.Chaos.Facts;

/// <summary>What a scenario's fault leaves the pipeline free to do.</summary>
internal sealed record Expectation
{
    /// <summary>Whether the fault hits nothing that fresh work needs, so that it has to start in time while the fault lasts.</summary>
    internal bool FreshDuringFault { get; init; }

    /// <summary>Whether the fault hits nothing by which an executor could lose its tickets to others while it lives and is awake.</summary>
    internal bool RunsOnce { get; init; }

    /// <summary>The most attempts that crashes may cost a task that does no harm; none where deaths may meet it again and again.</summary>
    internal int? MostCharges { get; init; }

    /// <summary>The bar for work that was there before the fault ended.</summary>
    internal TimeSpan OldWithin { get; init; } = TimeSpan.FromSeconds(15);
}
