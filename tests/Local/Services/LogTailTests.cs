using Millrace.Local.Services;

namespace Millrace.Tests.Local.Services;

public sealed class LogTailTests : IDisposable
{
    private readonly Bench bench = new();

    [Fact]
    public void The_tail_of_a_log_is_its_last_lines_however_long_it_is()
    {
        var path = Path.Combine(bench.Data, "long.log");
        File.WriteAllLines(path, Enumerable.Range(1, 50_000).Select(number => $"line {number}"));

        Assert.Equal($"line 49999{Environment.NewLine}line 50000", LogTail.Last(path, 2));
        Assert.True(LogTail.Begins(path, "line 7\n"));
        Assert.StartsWith("(Nothing was written", LogTail.Last(path + ".none"), StringComparison.Ordinal);
    }

    public void Dispose() => bench.Dispose();
}
