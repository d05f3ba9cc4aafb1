using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.ChaosProgram;

/// <summary>The witness of the chaos programme keeps every line whole, and is read while it writes.</summary>
public sealed class WitnessTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("millrace-witness-");

    [Fact]
    public void A_line_comes_back_as_it_was()
    {
        var line = Line(1);
        Assert.Equal(line, WitnessLine.Read(line.Write().TrimEnd('\n')));
    }

    [Fact]
    public void What_is_no_line_is_refused() => Assert.Throws<FormatException>(() => WitnessLine.Read("Begin and nothing else"));

    [Fact]
    public async Task Lines_of_many_threads_do_not_run_into_each_other()
    {
        const int lines = 2_000;
        using var file = new AppendedFile(Path.Combine(folder.FullName, "1.witness"));
        await Parallel.ForAsync(0, lines, (n, _) =>
        {
            file.Append(Line(n).Write());
            return ValueTask.CompletedTask;
        });
        Assert.Equal(Enumerable.Range(0, lines), new WitnessFolder(folder.FullName).Read().Select(static line => line.Attempt).Order());
    }

    [Fact]
    public void A_line_counts_once_its_end_is_there_and_only_once()
    {
        var (path, text) = (Path.Combine(folder.FullName, "1.witness"), Line(1).Write());
        var witness = new WitnessFolder(folder.FullName);
        File.WriteAllText(path, text[..10]);
        Assert.Empty(witness.Read());
        File.AppendAllText(path, text[10..]);
        Assert.Single(witness.Read());
        Assert.Single(witness.Read());
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static WitnessLine Line(int attempt) =>
        new(WitnessEvent.Begin, Guid.CreateVersion7(), attempt, 4711, Monotonic.Now, TimeProvider.System.GetUtcNow(), "slow", "q/1");
}
