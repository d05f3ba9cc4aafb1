using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Millrace.Handlers;
using Millrace.Lifecycle;
using Millrace.Store.Rows;

namespace Millrace.Execute;

/// <summary>
/// One run of a handler. It costs nothing that the handler does not ask for: the cancellation exists once it is read, and
/// time-outs are watched from outside. Whoever ends it first, the handler or the watch, settles it.
/// </summary>
internal sealed partial class Attempt(TaskRecord task, ILogger log) : TaskContext
{
    private const int MostLines = 1_000;
    private const int LongestLine = 2_000;
    private const int LongestMessage = 4_000;

    private readonly Lock gate = new();

    private CancellationTokenSource? stop;
    private List<AttemptLine>? lines;
    private byte[]? progress;
    private int lineCount;
    private long stoppedAt;
    private int settled;
    private int thread;

    public override TaskId Id => task.Id;

    public override string Type => task.Type;

    public override string QueueName => task.QueueName;

    public override int AttemptNumber => task.Claim.Attempts + 1;

    public override int MaxRetries => task.Claim.Retries.MaxRetries;

    public override ReadOnlyMemory<byte> Data => task.Data;

    public override ReadOnlyMemory<byte> Context => task.Context;

    public override CancellationToken Cancellation
    {
        get
        {
            lock (gate)
            {
                if (stop is null)
                {
                    stop = new CancellationTokenSource();
                    if (Stopped != StopReason.None)
                    {
                        stop.Cancel();
                    }
                }

                return stop.Token;
            }
        }
    }

    internal TaskRecord Task => task;

    /// <summary>The Stopwatch's time at which the handler was called.</summary>
    internal long Began { get; } = Stopwatch.GetTimestamp();

    internal StopReason Stopped { get; private set; }

    internal long RunMs => (long)Stopwatch.GetElapsedTime(Began).TotalMilliseconds;

    internal bool IsOverdue => Stopped == StopReason.None && RunMs > task.TimeoutSeconds * 1000L;

    /// <summary>Milliseconds since it was told to stop; 0 when it was not.</summary>
    internal double DisobeyedMs => stoppedAt == 0 ? 0 : Stopwatch.GetElapsedTime(stoppedAt).TotalMilliseconds;

    /// <summary>True for the first caller only: it may say how the attempt ended.</summary>
    internal bool TrySettle() => Interlocked.Exchange(ref settled, 1) == 0;

    /// <summary>The handler has given its thread back, at its first await or at its end. False when the attempt was given up before.</summary>
    internal bool TryGiveThreadBack() => Interlocked.CompareExchange(ref thread, 1, 0) == 0;

    /// <summary>The attempt is given up while its handler still blocks the thread that it was called on. False when it does not.</summary>
    internal bool TryLeaveWithThread() => Interlocked.CompareExchange(ref thread, 2, 0) == 0;

    /// <summary>Tells the handler to stop; the first reason counts.</summary>
    internal void Stop(StopReason reason)
    {
        CancellationTokenSource? told;
        lock (gate)
        {
            if (Stopped != StopReason.None)
            {
                return;
            }

            Stopped = reason;
            stoppedAt = Stopwatch.GetTimestamp();
            told = stop;
        }

        // Off this thread: a callback of the handler's must not hold up the watch over all others.
        _ = told?.CancelAsync();
    }

    public override void Progress(double percent, string? message = null)
    {
        var report = new ProgressReport(
            double.IsFinite(percent) ? Math.Clamp(percent, 0, 100) : 0, message is null ? null : ShortText.Told(message, LongestMessage));
        var json = JsonSerializer.SerializeToUtf8Bytes(report, ExecuteJson.Default.ProgressReport);
        lock (gate)
        {
            progress = json;
        }
    }

    public override void Log(LogLevel level, string message)
    {
        LogHandlerLine(log, level, task.Id, message);
        var kept = new TaskError(string.Empty, ShortText.Told(message, LongestLine)).Message;
        lock (gate)
        {
            if (lineCount++ < MostLines)
            {
                (lines ??= []).Add(new AttemptLine(Stopwatch.GetTimestamp(), level.ToString(), kept));
            }
        }
    }

    /// <summary>
    /// Moves what was reported since the last call into the lists that are written next. Once the attempt has ended, a last line says how many lines
    /// were not kept.
    /// </summary>
    internal void TakeReports(TicketId ticket, List<TaskReport> reports, List<TaskLogLine> logged)
    {
        lock (gate)
        {
            if (progress is not null)
            {
                reports.Add(new TaskReport(task.Id, ticket, progress));
                progress = null;
            }

            if (settled == 1 && lineCount - MostLines is > 0 and var lost)
            {
                var last = string.Create(CultureInfo.InvariantCulture, $"and {lost:N0} more lines were not kept");
                (lines ??= []).Add(new AttemptLine(Stopwatch.GetTimestamp(), nameof(LogLevel.Warning), last));
                lineCount = MostLines;
            }

            foreach (var line in lines ?? [])
            {
                var age = (long)Stopwatch.GetElapsedTime(line.At).TotalMilliseconds;
                logged.Add(new TaskLogLine(task.Id, ticket, age, (short)AttemptNumber, line.Level, line.Message));
            }

            lines?.Clear();
        }
    }

    [LoggerMessage(EventId = 3100, Message = "Task {Task}: {Message}")]
    private static partial void LogHandlerLine(ILogger logger, LogLevel level, TaskId task, string message);

    private readonly record struct AttemptLine(long At, string Level, string Message);
}
