namespace Millrace.Local.Services;

/// <summary>One holder at a time across processes. The operating system frees it when its holder dies.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream stream;

    private FileLock(FileStream stream) => this.stream = stream;

    /// <summary>Waits for the lock; says so once, with <paramref name="waiting"/>, when it is not free at once.</summary>
    public static async Task<FileLock> AcquireAsync(
        string path, TimeSpan timeout, Action waiting, TimeProvider timeProvider, CancellationToken cancellation)
    {
        var started = timeProvider.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            if (TryOpen(path) is { } stream)
            {
                return new FileLock(stream);
            }

            if (timeProvider.GetElapsedTime(started) > timeout)
            {
                throw new ServerException(
                    $"Another process has held {path} for more than {timeout.TotalSeconds:0} seconds. End that process and start again.");
            }

            if (attempt == 0)
            {
                waiting();
            }

            await Task.Delay(Pause, timeProvider, cancellation);
        }
    }

    public void Dispose() => stream.Dispose();

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new ServerException(
                $"This user may not write {path}. Give its folder to this user, or name another data directory.", denied);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
