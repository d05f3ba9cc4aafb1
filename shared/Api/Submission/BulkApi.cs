using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Millrace.Api.Answers;
using Millrace.Api.Requests;
using Millrace.Api.Views;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Submit;
using Millrace.Telemetry;
using Npgsql;

namespace Millrace.Api.Submission;

/// <summary>A stream of tasks, one JSON object per line, of any length in constant memory. Chunks are committed as they come.</summary>
public sealed partial class BulkApi
{
    private readonly TaskSubmitter submitter;
    private readonly TimeProvider clock;
    private readonly ILogger<BulkApi> log;

    internal BulkApi(TaskSubmitter submitter, TimeProvider clock, ILogger<BulkApi> log)
    {
        this.log = log;
        this.submitter = submitter;
        this.clock = clock;
    }

    /// <summary>200 with the counts and what was refused. A line that is refused does not stop the others.</summary>
    public async Task<IResult> SubmitAsync(HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!MediaType.Is(request.ContentType, "application/x-ndjson"))
        {
            return Problems.UnsupportedMediaType(request.ContentType, "application/x-ndjson");
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        var faults = new Faults();
        var stream = new BulkStream(submitter, PipelineActivity.TraceParent(request), IdempotencyHeader.Read(request, faults));
        if (faults.Any)
        {
            return Problems.InvalidTask(faults.ByField());
        }

        var problem = await ReadAsync(request, stream, cancellation);
        return new JsonAnswer<BulkView>(
            problem?.Status ?? StatusCodes.Status200OK, stream.View(problem), ApiJson.Readable.BulkView)
        {
            RetryAfter = problem is null ? null : Problems.ComeBackAfter,
        };
    }

    /// <summary>What ended the stream early; null when it was read to its end.</summary>
    private async Task<Problem?> ReadAsync(HttpRequest request, BulkStream stream, CancellationToken cancellation)
    {
        try
        {
            await submitter.Room.RefreshAsync(cancellation);
            await ReadAsync(request.BodyReader, stream, cancellation);
            await stream.FinishAsync(cancellation);
            return null;
        }
        catch (NpgsqlException exception) when (StoreOutage.IsOne(exception))
        {
            return Problems.StreamCut();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return await BreakOffAsync(stream, (exception as BadHttpRequestException)?.StatusCode);
        }
    }

    /// <summary>The client is gone, or this host stops: what was sent off is committed, what was only read is not.</summary>
    private async Task<Problem> BreakOffAsync(BulkStream stream, int? fault)
    {
        try
        {
            await stream.SettleAsync();
        }
        catch (NpgsqlException exception) when (StoreOutage.IsOne(exception))
        {
            LogBroken(stream.Lines, stream.CommittedThrough);
            return Problems.StreamCut();
        }

        LogBroken(stream.Lines, stream.CommittedThrough);
        return Problems.StreamBroken(fault);
    }

    private async Task ReadAsync(PipeReader body, BulkStream stream, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellation);
            var rest = TakeLines(read.Buffer, stream);
            while (stream.IsFull)
            {
                await stream.CommitAsync(cancellation);
                rest = TakeLines(rest, stream);
            }

            if (read.IsCompleted)
            {
                if (!rest.IsEmpty || stream.IsSkipping)
                {
                    TakeLine(rest, stream);
                }

                body.AdvanceTo(read.Buffer.End);
                return;
            }

            if (rest.Length > submitter.Options.MaxTaskBytes)
            {
                stream.SkipToLineEnd();
                rest = rest.Slice(rest.End);
            }

            body.AdvanceTo(rest.Start, read.Buffer.End);
        }
    }

    private ReadOnlySequence<byte> TakeLines(ReadOnlySequence<byte> buffer, BulkStream stream)
    {
        var reader = new SequenceReader<byte>(buffer);
        while (!stream.IsFull && reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            TakeLine(line, stream);
        }

        return buffer.Slice(reader.Position);
    }

    private void TakeLine(ReadOnlySequence<byte> line, BulkStream stream)
    {
        if (stream.EndsSkippedLine())
        {
            return;
        }

        if (line.IsSingleSegment)
        {
            ReadTask(line.FirstSpan, stream);
            return;
        }

        var copy = ArrayPool<byte>.Shared.Rent((int)line.Length);
        line.CopyTo(copy);
        ReadTask(copy.AsSpan(0, (int)line.Length), stream);
        ArrayPool<byte>.Shared.Return(copy);
    }

    private void ReadTask(ReadOnlySpan<byte> line, BulkStream stream)
    {
        var text = line.Trim(" \t\r"u8);
        if (text.IsEmpty)
        {
            stream.CountEmptyLine();
            return;
        }

        var faults = new Faults(stream.Budget);
        stream.Take(Parse(text, faults, stream), faults);
    }

    private NewTask? Parse(ReadOnlySpan<byte> text, Faults faults, BulkStream stream)
    {
        if (text.Length > submitter.Options.MaxTaskBytes)
        {
            faults.Add("line", BulkStream.TooLong(submitter.Options.MaxTaskBytes));
            return null;
        }

        if (!Utf8.IsValid(text))
        {
            faults.Add("line", "It is not UTF-8. Encode the stream as UTF-8.");
            return null;
        }

        try
        {
            return TaskDraft.ReadAlone(text, faults, submitter.Defaults, TaskId.New(clock), stream.TraceParent) is { } task
                ? SubmissionKeys.WithKeys(task, stream.NextKey, text)
                : null;
        }
        catch (JsonException exception)
        {
            faults.Add("line", JsonSentence.From(exception));
            return null;
        }
    }
}
