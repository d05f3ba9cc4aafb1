using System.Diagnostics;
using System.Globalization;
using Millrace.Tests.Chaos.Places;

namespace Millrace.Tests.Chaos.Faults;

/// <summary>A disk of its own for PostgreSQL's files, so small that it can be filled.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const int MegaBytes = 160;

    private readonly string path;

    private SmallDisk(string path) => this.path = path;

    private string Ballast => Path.Combine(path, "ballast");

    internal static string? WhyNotHere() => Environment.IsPrivilegedProcess ? null
        : "A small disk is mounted for PostgreSQL, which takes root. As another user nothing is filled.";

    internal static async Task<SmallDisk> MountAsync(string path, Keeper keeper)
    {
        Directory.CreateDirectory(path);
        keeper.WatchMount(path);
        await RunAsync("mount", ["-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={MegaBytes}m,mode=755"), "millrace-chaos", path]);
        return new(path);
    }

    /// <summary>Not a byte is left.</summary>
    internal void Fill()
    {
        using var file = File.Create(Ballast);
        var piece = new byte[64 * 1024];
        try
        {
            for (var left = 2 * MegaBytes * 1024 / 64; left > 0; left--)
            {
                file.Write(piece);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // It is full now.
        }
    }

    internal void Free() => File.Delete(Ballast);

    public async ValueTask DisposeAsync() => await RunAsync("umount", ["-l", path]);

    private static async Task RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed: {error.Trim()} A container may not be allowed to mount; run the programme outside of it.");
        }
    }
}
