namespace Millrace.Api.Requests;

/// <summary>
/// To read a large body takes a thread for a good part of a second. Such bodies have threads of their own, half as many as there are processors, or one: however many are
/// sent, small requests and the tasks that run find a thread and a processor.
/// </summary>
internal static class LargeBody
{
    /// <summary>Bytes from which a body is large: less takes some milliseconds.</summary>
    private const int From = 262_144;

    private static readonly SemaphoreSlim Turns = new(Math.Max(1, Environment.ProcessorCount / 2));

    internal static async Task<T> ReadAsync<T>(ReadOnlyMemory<byte> body, Func<T> read, CancellationToken cancellation)
    {
        if (body.Length < From)
        {
            return read();
        }

        await Turns.WaitAsync(cancellation);
        try
        {
            return await Task.Factory.StartNew(read, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            Turns.Release();
        }
    }
}
