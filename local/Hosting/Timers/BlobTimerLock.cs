using Azure;
using Azure.Storage.Blobs.Specialized;

namespace Millrace.Local.Hosting.Timers;

/// <summary>A lease on a timer's lock blob.</summary>
internal sealed class BlobTimerLock(BlobLeaseClient lease) : ITimerLock
{
    public async Task<bool> TryRenewAsync(CancellationToken cancellation)
    {
        try
        {
            await lease.RenewAsync(cancellationToken: cancellation);
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    public Task ReleaseAsync(CancellationToken cancellation) => lease.ReleaseAsync(cancellationToken: cancellation);
}
