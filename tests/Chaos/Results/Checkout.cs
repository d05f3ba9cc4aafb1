using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Millrace.Tests.Chaos.Results;

/// <summary>What the results are keyed by: the commit, and whether there is more than it says.</summary>
internal static class Checkout
{
    private static readonly string[] Judged = ["shared", "local", "samples", "functions", "tests/Chaos", "host.json", "global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];

    internal static async Task<string> CommitAsync(string root, CancellationToken cancellation)
    {
        // The last one that changed what is judged or who judges. The page that the table is written into does not.
        var commit = (await GitAsync(root, ["log", "-1", "--format=%h", "--abbrev=12", "--", .. Judged], cancellation)).Trim();
        var status = await GitAsync(root, ["status", "--porcelain", "--", .. Judged], cancellation);
        var changed = status + await GitAsync(root, ["diff", "HEAD", "--", .. Judged], cancellation);
        return changed.Length == 0 ? commit : $"{commit}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(changed)))[..8]}";
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
