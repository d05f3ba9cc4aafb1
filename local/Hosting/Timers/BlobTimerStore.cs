using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Millrace.Local.Hosting.Timers;

/// <summary>Status and locks as blobs, at the paths and in the shape of the real host.</summary>
internal sealed class BlobTimerStore(string connectionString, string hostId) : ITimerStore
{
    private const string Container = "azure-webjobs-hosts";

    private readonly BlobContainerClient container = new(connectionString, Container, new BlobClientOptions(BlobClientOptions.ServiceVersion.V2026_06_06)
    {
        Retry = { MaxRetries = 2, Mode = RetryMode.Exponential, Delay = TimeSpan.FromMilliseconds(200), NetworkTimeout = TimeSpan.FromSeconds(15) },
        Diagnostics = { IsLoggingEnabled = false, IsDistributedTracingEnabled = false },
    });

    public async Task<TimerStatus?> ReadAsync(string function, CancellationToken cancellation)
    {
        try
        {
            var content = await Status(function).DownloadContentAsync(cancellation);
            return TimerStatusJson.Read(content.Value.Content);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    public async Task WriteAsync(string function, TimerStatus status, CancellationToken cancellation)
    {
        var content = TimerStatusJson.Write(status);
        try
        {
            await Status(function).UploadAsync(content, overwrite: true, cancellation);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellation);
            await Status(function).UploadAsync(content, overwrite: true, cancellation);
        }
    }

    public async Task<ITimerLock?> TryLockAsync(string function, TimeSpan lease, CancellationToken cancellation)
    {
        var blob = container.GetBlobClient($"locks/{hostId}/Host.Functions.{function}.Listener");
        var client = blob.GetBlobLeaseClient();
        try
        {
            return await AcquireAsync(client, lease, cancellation);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellation);
            await CreateAsync(blob, cancellation);
            return await AcquireAsync(client, lease, cancellation);
        }
    }

    private static async Task<ITimerLock?> AcquireAsync(BlobLeaseClient client, TimeSpan lease, CancellationToken cancellation)
    {
        try
        {
            await client.AcquireAsync(lease, cancellationToken: cancellation);
            return new BlobTimerLock(client);
        }
        catch (RequestFailedException exception) when (exception.Status == 409)
        {
            return null;
        }
    }

    private static async Task CreateAsync(BlobClient blob, CancellationToken cancellation)
    {
        try
        {
            await blob.UploadAsync(
                BinaryData.FromString(string.Empty),
                new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } },
                cancellation);
        }
        catch (RequestFailedException exception) when (exception.Status is 409 or 412)
        {
            // Another host was first.
        }
    }

    private BlobClient Status(string function) => container.GetBlobClient($"timers/{hostId}/Host.Functions.{function}/status");
}
