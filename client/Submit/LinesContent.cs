using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Millrace.Client;

/// <summary>Tasks as NDJSON, written while they come: what has been written is sent on whenever the source has nothing ready.</summary>
internal sealed class LinesContent : HttpContent
{
    private const int FlushAfter = 32_768;

    private readonly IAsyncEnumerable<NewTask> tasks;

    internal LinesContent(IAsyncEnumerable<NewTask> tasks)
    {
        this.tasks = tasks;
        Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
    }

    /// <summary>What the source of the tasks threw, which is the caller's and not the network's.</summary>
    internal Exception? SourceFault { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var pipe = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        await using var json = new Utf8JsonWriter(pipe);
        await using var source = tasks.GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(source, pipe, cancellationToken))
        {
            WriteLine(source.Current, json, pipe);
            if (pipe.UnflushedBytes >= FlushAfter)
            {
                await pipe.FlushAsync(cancellationToken);
            }
        }

        await pipe.CompleteAsync();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<NewTask> source, PipeWriter pipe, CancellationToken cancellation)
    {
        ValueTask<bool> next;
        try
        {
            next = source.MoveNextAsync();
            if (next.IsCompleted)
            {
                return await next;
            }
        }
        catch (Exception exception)
        {
            SourceFault = exception;
            throw;
        }

        return await WaitAsync(next.AsTask(), pipe, cancellation);
    }

    private async Task<bool> WaitAsync(Task<bool> next, PipeWriter pipe, CancellationToken cancellation)
    {
        try
        {
            await pipe.FlushAsync(cancellation);
        }
        catch
        {
            // The source must have come to rest before it is disposed; what it says no longer matters.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        try
        {
            return await next;
        }
        catch (Exception exception)
        {
            SourceFault = exception;
            throw;
        }
    }

    private static void WriteLine(NewTask task, Utf8JsonWriter json, PipeWriter pipe)
    {
        JsonSerializer.Serialize(json, task, MillraceJson.Plain.NewTask);
        json.Flush();
        json.Reset();
        pipe.Write("\n"u8);
    }
}
