using System.Text.Json;
using Millrace.Local.Services.Processes;

namespace Millrace.Local.Services.Install;

/// <summary>
/// Installs Garnet from its dotnet tool package, in the version the tool manifest names. Only the program's folder is kept, and it is
/// run by the dotnet that runs this process, so neither PATH nor DOTNET_ROOT matters. Needs the network once.
/// </summary>
internal sealed class GarnetTool(string toolsDirectory, Action<string> progress, TimeProvider timeProvider)
{
    private const string Package = "garnet-server";

    private const string Advice = "Check the network and start again, or set MILLRACE_REDIS to a server of your own.";

    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(10);

    // The tool's files lie in .store, which counts as hidden.
    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };

    private readonly InstallMarker marker = new(Path.Combine(toolsDirectory, "garnet"), $"{Package} {PinnedVersion()}\n");

    public string Program => Path.Combine(marker.Folder, "GarnetServer.dll");

    public async Task EnsureAsync(CancellationToken cancellation)
    {
        if (marker.IsComplete)
        {
            return;
        }

        Directory.CreateDirectory(toolsDirectory);
        using var held = await FileLock.AcquireAsync(
            Path.Combine(toolsDirectory, "garnet.lock"),
            InstallTimeout,
            () => progress("Another host is installing Garnet; waiting for it."),
            timeProvider,
            cancellation);
        if (!marker.IsComplete)
        {
            await InstallAsync(cancellation);
        }
    }

    private async Task InstallAsync(CancellationToken cancellation)
    {
        var started = timeProvider.GetTimestamp();
        progress($"Installing Garnet, a Redis-protocol server, into {marker.Folder}: once, about 350 MB on disk, usually under a minute.");
        marker.Begin();
        string[] arguments = ["tool", "install", Package, "--version", PinnedVersion(), "--tool-path", marker.Partial];
        var install = new ServerCommand(Executable.Dotnet(), arguments, toolsDirectory);
        await InstallCommand.RunAsync(install, InstallTimeout, Advice, timeProvider, cancellation);
        var program = Directory.EnumerateFiles(marker.Partial, "GarnetServer.dll", Everywhere).FirstOrDefault()
            ?? throw new ServerException($"The package {Package} {PinnedVersion()} holds no GarnetServer.dll. {Advice}");
        marker.Complete(Path.GetDirectoryName(program)!);
        progress($"Installed Garnet in {timeProvider.GetElapsedTime(started).TotalSeconds:0.0} s.");
    }

    private static string PinnedVersion()
    {
        using var manifest = JsonDocument.Parse(PinnedFile.Read("dotnet-tools.json"));
        return manifest.RootElement.GetProperty("tools").GetProperty(Package).GetProperty("version").GetString()!;
    }
}
