using System.Diagnostics;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

[assembly: AssemblyFixture(typeof(Millrace.Tests.Support.AzuriteFixture))]

namespace Millrace.Tests.Support;

/// <summary>One Azurite for all tests of a run, on free ports. Tests stay apart by names.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private Process? process;

    /// <summary>Blobs and queues of this run's Azurite.</summary>
    public string ConnectionString { get; private set; } = string.Empty;

    public static string UniqueName(string word) => $"{word}-{Guid.CreateVersion7():N}"[..Math.Min(50, word.Length + 33)];

    /// <summary>A client that sends what the host expects: base64.</summary>
    public QueueClient Queue(string name) => new(
        ConnectionString, name, new QueueClientOptions(QueueClientOptions.ServiceVersion.V2026_06_06) { MessageEncoding = QueueMessageEncoding.Base64 });

    /// <summary>A client that sends the text as it is.</summary>
    public QueueClient RawQueue(string name) =>
        new(ConnectionString, name, new QueueClientOptions(QueueClientOptions.ServiceVersion.V2026_06_06));

    public BlobContainerClient Container(string name) =>
        new(ConnectionString, name, new BlobClientOptions(BlobClientOptions.ServiceVersion.V2026_06_06));

    public async ValueTask InitializeAsync()
    {
        var entry = Path.Combine(RepositoryRoot(), ".millrace", "tools", "node", "node_modules", "azurite", "dist", "src", "azurite.js");
        Assert.True(File.Exists(entry), "Azurite is missing: run `npm install --prefix .millrace/tools/node azurite@3.37.0` in the repository's root.");
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[
            entry, "--skipApiVersionCheck", "--inMemoryPersistence", "--disableTelemetry",
            "--blobPort", "0", "--queuePort", "0", "--tablePort", "0"])
        {
            start.ArgumentList.Add(argument);
        }

        process = Process.Start(start)!;
        var (blob, queue) = await EndpointsAsync(process.StandardOutput).WaitAsync(StartTimeout, TimeProvider.System);
        ConnectionString =
            $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={blob}/{Account};QueueEndpoint={queue}/{Account};";
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process?.Dispose();
    }

    private static async Task<(string Blob, string Queue)> EndpointsAsync(StreamReader output)
    {
        string? blob = null, queue = null;
        while (blob is null || queue is null)
        {
            var line = await output.ReadLineAsync() ?? throw new InvalidOperationException("Azurite ended before it listened.");
            var address = line.IndexOf("listening at http://", StringComparison.Ordinal) is var at and >= 0 ? line[(at + 13)..].Trim() : null;
            blob ??= line.Contains("Blob service", StringComparison.Ordinal) ? address : null;
            queue ??= line.Contains("Queue service", StringComparison.Ordinal) ? address : null;
        }

        _ = DrainAsync(output);
        return (blob, queue);
    }

    private static async Task DrainAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is not null)
        {
            // Unread output would stop the process once the pipe is full.
        }
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Millrace.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
