namespace Millrace.Tests.Architecture;

/// <summary>Places that break a rule, all shown at once.</summary>
internal static class Findings
{
    internal static void AssertNone(IEnumerable<string> places)
    {
        var all = places.ToList();
        Assert.True(all.Count == 0, $"{all.Count} found:\n{string.Join('\n', all)}");
    }
}
