namespace Millrace.Benchmarks.Pages;

/// <summary>A page that is asked for again and again, each time with other parameters.</summary>
/// <param name="Name">As the table shows it.</param>
/// <param name="Path">The path and query of the n-th request.</param>
internal sealed record Page(string Name, Func<int, string> Path)
{
    /// <summary>False for what no bar is set for.</summary>
    public bool IsBarred { get; init; } = true;

    /// <summary>True when 503 is an answer, too.</summary>
    public bool MayBeUnwell { get; init; }

    /// <summary>How often it is asked for; once in each round when null.</summary>
    public int? Requests { get; init; }
}
