namespace Millrace.Tests.Chaos.Facts;

/// <summary>What a scenario's fault leaves the pipeline free to do.</summary>
internal sealed record Expectation
{
    /// <summary>Whether the fault hits nothing that fresh work needs, so that it has to start in time while the fault lasts.</summary>
    internal bool FreshDuringFault { get; init; }

    /// <summary>The bar for fresh work.</summary>
    internal TimeSpan FreshWithin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The bar for work that was there before the fault ended.</summary>
    internal TimeSpan OldWithin { get; init; } = TimeSpan.FromSeconds(15);
}
