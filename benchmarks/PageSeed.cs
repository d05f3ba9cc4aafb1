using System.Diagnostics;
using System.Globalization;

namespace Millrace.Benchmarks;

/// <summary>Fills the database with what pages are measured against: <c>pages-seed.sql</c>, step by step.</summary>
internal static class PageSeed
{
    private const string StepMark = "-- step: ";

    /// <summary>Does nothing in a database that has been filled before.</summary>
    internal static async Task FillAsync(BenchStage stage, CancellationToken cancellation)
    {
        if (await stage.AskAsync<bool>("SELECT EXISTS (SELECT FROM queues WHERE name = 'queue_19')", cancellation))
        {
            return;
        }

        // One session: the first step is a setting of it.
        await using var connection = await stage.Database.OpenConnectionAsync(cancellation);
        foreach (var step in (await ReadAsync(cancellation)).Split(StepMark).Skip(1))
        {
            var watch = Stopwatch.StartNew();
            await using var command = connection.CreateCommand();
            command.CommandText = StepMark + step;
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(cancellation);
            await Console.Error.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds,7:0.0} s {step[..step.IndexOf('\n', StringComparison.Ordinal)]}"));
        }
    }

    private static async Task<string> ReadAsync(CancellationToken cancellation)
    {
        using var reader = new StreamReader(typeof(PageSeed).Assembly.GetManifestResourceStream("pages-seed.sql")!);
        return await reader.ReadToEndAsync(cancellation);
    }
}
