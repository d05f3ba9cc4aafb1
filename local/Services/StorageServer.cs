using System.Globalization;
using Azure.Core;
using Azure.Storage.Queues;
using Millrace.Local.Services.Install;
using Millrace.Local.Services.Processes;

namespace Millrace.Local.Services;

/// <summary>
/// Azurite's blob and queue services. Its one program for both starts the table service too; that one gets any free port, and nobody
/// is told of it.
/// </summary>
internal sealed class StorageServer(DataDirectory data, NodePackages packages) : Server(ServerKind.Storage, "Azurite", 10100, 2)
{
    // The account that every Azurite has, and that no other storage accepts: public, in Azurite's documentation.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public override IReadOnlyList<StopStep> StopSteps { get; } =
        [new(Signal.Terminate, TimeSpan.FromSeconds(3)), new(Signal.Kill, TimeSpan.FromSeconds(5))];

    public static string ConnectionString(int[] ports) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
        + $"BlobEndpoint=http://127.0.0.1:{ports[0]}/{Account};QueueEndpoint=http://127.0.0.1:{ports[1]}/{Account};";

    public override Task<ServerCommand> PrepareAsync(int[] ports, CancellationToken cancellation)
    {
        Directory.CreateDirectory(data.Storage);

        // The current client library sends a newer API version than Azurite knows; hence the skipped check.
        string[] arguments =
        [
            packages.Azurite, "--silent", "--location", data.Storage,
            "--disableTelemetry", "--disableProductStyleUrl", "--skipApiVersionCheck",
            "--blobHost", "127.0.0.1", "--blobPort", ports[0].ToString(CultureInfo.InvariantCulture),
            "--queueHost", "127.0.0.1", "--queuePort", ports[1].ToString(CultureInfo.InvariantCulture),
            "--tableHost", "127.0.0.1", "--tablePort", "0",
        ];
        return Task.FromResult(new ServerCommand(NodePackages.Node(), arguments, data.Storage));
    }

    public override async Task<bool> AnswersAsync(int[] ports, CancellationToken cancellation)
    {
        // Blobs come up before queues. Another program's server on the port would answer too; only ours writes this line into our log.
        if (!LogTail.Begins(data.Log(Kind), "Queue service is successfully listening"))
        {
            return false;
        }

        var options = new QueueClientOptions { Retry = { MaxRetries = 0, Mode = RetryMode.Fixed } };
        var client = new QueueServiceClient(ConnectionString(ports), options);
        await client.GetPropertiesAsync(cancellation);
        return true;
    }

    public override void Wipe() => Remove(data.Storage);
}
