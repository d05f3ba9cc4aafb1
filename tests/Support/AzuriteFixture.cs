using Azure.Storage.Blobs;
using Azure.Storage.Queues;

[assembly: AssemblyFixture(typeof(Millrace.Tests.Support.AzuriteFixture))]

namespace Millrace.Tests.Support;

/// <summary>One storage account for all tests of the functions host. They stay apart by names. Who asks for nothing starts nothing.</summary>
public sealed class AzuriteFixture
{
    private readonly Lazy<string> account = new(static () => TestServers.NewStorageAccountAsync().GetAwaiter().GetResult());

    /// <summary>Blobs and queues of this run's Azurite.</summary>
    public string ConnectionString => account.Value;

    public static string UniqueName(string word) => $"{word}-{Guid.CreateVersion7():N}"[..Math.Min(50, word.Length + 33)];

    /// <summary>A client that sends what the host expects: base64.</summary>
    public QueueClient Queue(string name) => new(
        ConnectionString, name, new QueueClientOptions(QueueClientOptions.ServiceVersion.V2026_06_06) { MessageEncoding = QueueMessageEncoding.Base64 });

    /// <summary>A client that sends the text as it is.</summary>
    public QueueClient RawQueue(string name) =>
        new(ConnectionString, name, new QueueClientOptions(QueueClientOptions.ServiceVersion.V2026_06_06));

    public BlobContainerClient Container(string name) =>
        new(ConnectionString, name, new BlobClientOptions(BlobClientOptions.ServiceVersion.V2026_06_06));
}
