using System.Diagnostics;
using System.Globalization;

namespace Millrace.Benchmarks.Load;

/// <summary>Fills the database from an embedded script, step by step.</summary>
internal static class SeedScript
{
    private const string StepMark = "-- step: ";

    internal static async Task FillAsync(BenchStage stage, string script, CancellationToken cancellation)
    {
        // One session: the first step is a setting of it.
        await using var connection = await stage.Database.OpenConnectionAsync(cancellation);
        foreach (var step in (await ReadAsync(script, cancellation)).Split(StepMark).Skip(1))
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

    private static async Task<string> ReadAsync(string script, CancellationToken cancellation)
    {
        using var reader = new StreamReader(typeof(SeedScript).Assembly.GetManifestResourceStream(script)!);
        return await reader.ReadToEndAsync(cancellation);
    }
}
