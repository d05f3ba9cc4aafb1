namespace Millrace.Tests.Chaos.Results;

/// <summary>One finished try: a line of the results file.</summary>
internal sealed record TryResult
{
    public required string Commit { get; init; }

    public required string Scenario { get; init; }

    public required int Try { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Machine { get; init; }

    public double Seconds { get; init; }

    /// <summary>Why this machine could not play it; none when it was played.</summary>
    public string? Skipped { get; init; }

    /// <summary>What kept the story from being told to its end; none when it was.</summary>
    public string? BrokeOff { get; init; }

    /// <summary>
    /// How much of the last minute somebody waited for a processor, in percent; none where the kernel does not tell. Near 100 the machine is
    /// shared with more than the try, and times say little.
    /// </summary>
    public double? ProcessorPressure { get; init; }

    public int Accepted { get; init; }

    public int Begun { get; init; }

    /// <summary>How often each rule was broken, by the rule's name; those that held are left out.</summary>
    public IReadOnlyDictionary<string, int> Broken { get; init; } = new Dictionary<string, int>();

    public double? WorstFreshSeconds { get; init; }

    public double? WorstOldSeconds { get; init; }

    public double? WorstStopSeconds { get; init; }

    /// <summary>Attempts that a death has cost tasks which were just about to begin.</summary>
    public int AboutToBegin { get; init; }

    /// <summary>The first sentences of each broken rule.</summary>
    public IReadOnlyList<string> Sentences { get; init; } = [];

    internal bool Passed => Skipped is not null || (BrokeOff is null && Broken.Count == 0);
}
