using Millrace.Local.Services;
using Millrace.Local.Services.Install;
using Millrace.Local.Services.Processes;

namespace Millrace.Tests.Support;

/// <summary>A validator of OpenAPI documents that is not ours: from npm, pinned by its lock file, installed once.</summary>
internal static class OpenApiValidator
{
    private const string Advice = "Check the network and run the test again.";

    private static readonly string Tools = Path.Combine(Checkout.Root, ".millrace", "tools");
    private static readonly string Pins = Path.Combine(Checkout.Root, "tests", "Support", "npm");
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>What it says about the document in the file, as JSON.</summary>
    /// <exception cref="ServerException">The document is not valid; the message names the faults.</exception>
    internal static async Task<string> JudgeAsync(string file, CancellationToken cancellation)
    {
        var modules = Path.Combine(await InstalledAsync(cancellation), "node_modules");
        var program = Path.Combine(modules, "@seriousme", "openapi-schema-validator", "bin", "validate-api-cli.js");
        return await RunAsync(new(NodePackages.Node(), [program, file], Tools), "The document is not valid.", cancellation);
    }

    private static async Task<string> InstalledAsync(CancellationToken cancellation)
    {
        var lockFile = await File.ReadAllTextAsync(Path.Combine(Pins, "package-lock.json"), cancellation);
        var marker = new InstallMarker(Path.Combine(Tools, "openapi"), PinnedFile.Hash(lockFile));
        Directory.CreateDirectory(Tools);
        using var held = await FileLock.AcquireAsync(
            Path.Combine(Tools, "openapi.lock"), Longest, static () => { }, TimeProvider.System, cancellation);
        if (!marker.IsComplete)
        {
            marker.Begin();
            File.Copy(Path.Combine(Pins, "package.json"), Path.Combine(marker.Partial, "package.json"));
            File.Copy(Path.Combine(Pins, "package-lock.json"), Path.Combine(marker.Partial, "package-lock.json"));
            var npm = Executable.Find("npm") ?? throw new ServerException($"npm was not found in PATH. {Advice}");
            await RunAsync(new(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], marker.Partial), Advice, cancellation);
            marker.Complete(marker.Partial);
        }

        return marker.Folder;
    }

    private static Task<string> RunAsync(ServerCommand command, string advice, CancellationToken cancellation) =>
        InstallCommand.RunAsync(command, Longest, advice, TimeProvider.System, cancellation);
}
