using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Millrace.Tests.Chaos.Results;

/// <summary>What the results are keyed by: the commit, and whether there is more than it says.</summary>
internal static class Checkout
{
    internal static async Task<string> CommitAsync(string root, CancellationToken cancellation)
    {
        var commit = (await GitAsync(root, ["rev-parse", "--short=12", "HEAD"], cancellation)).Trim();

        // The page that the table is written into, and notes, change nothing that is judged.
        var changed = await GitAsync(root, ["status", "--porcelain", "--untracked-files=no", "--", "*.cs", "*.csproj", "*.props", "*.sql", "*.json"], cancellation);
        return changed.Trim().Length == 0 ? commit : commit + "-changed";
    }

    internal static string Machine()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024d * 1024 * 1024);
        return $"{Environment.ProcessorCount} cores, {memory:0} GB, {RuntimeInformation.OSDescription}, .NET {Environment.Version}";
    }

    /// <summary>The kernel's own measure: "some avg10=1.00 avg60=2.00 …".</summary>
    internal static double? ProcessorPressure()
    {
        const string path = "/proc/pressure/cpu";
        return File.Exists(path) && File.ReadLines(path).FirstOrDefault()?.Split(' ') is [_, _, var minute, ..]
            && double.TryParse(minute.Replace("avg60=", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var percent)
                ? percent
                : null;
    }

    private static async Task<string> GitAsync(string root, string[] arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = root, RedirectStandardOutput = true };
        using var git = Process.Start(start) ?? throw new InvalidOperationException("git could not be started. Install it: results are keyed by commit.");
        var output = await git.StandardOutput.ReadToEndAsync(cancellation);
        await git.WaitForExitAsync(cancellation);
        return git.ExitCode == 0 ? output : throw new InvalidOperationException($"git {arguments[0]} failed. Run the programme inside a checkout.");
    }
}
