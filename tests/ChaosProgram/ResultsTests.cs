using Millrace.Tests.Chaos.Results;

namespace Millrace.Tests.ChaosProgram;

/// <summary>Finished tries of the chaos programme are kept, one line each.</summary>
public sealed class ResultsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("millrace-results-");

    [Fact]
    public void What_was_appended_is_read_by_the_next_run()
    {
        var result = Result("kill-one", 1) with { Broken = new Dictionary<string, int> { ["Lost"] = 2 }, WorstOldSeconds = 9.5 };
        ResultsFile.Of(folder.FullName, "abc").Append(result);
        var read = Assert.Single(ResultsFile.Of(folder.FullName, "abc").Read());
        Assert.Equal((2, 9.5, false), (read.Broken["Lost"], read.WorstOldSeconds, read.Passed));
    }

    [Fact]
    public void Half_a_line_that_a_kill_left_counts_as_none_and_spoils_no_other()
    {
        var file = ResultsFile.Of(folder.FullName, "abc");
        file.Append(Result("kill-one", 1));
        File.AppendAllText(file.Path, "{\"commit\": \"ab");
        file.Append(Result("kill-one", 2));
        Assert.Equal([1, 2], file.Read().Select(static result => result.Try));
    }

    [Fact]
    public void Results_of_another_commit_are_not_read()
    {
        ResultsFile.Of(folder.FullName, "abc").Append(Result("kill-one", 1));
        Assert.Empty(ResultsFile.Of(folder.FullName, "abd").Read());
    }

    public void Dispose() => folder.Delete(recursive: true);

    internal static TryResult Result(string scenario, int number) =>
        new() { Commit = "abc", Scenario = scenario, Try = number, At = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero), Machine = "2 cores" };
}
