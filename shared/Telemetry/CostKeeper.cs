using Microsoft.Extensions.Logging;
using Millrace.Store;
using Npgsql;

namespace Millrace.Telemetry;

/// <summary>
/// Counts the runs of functions, and writes what this process cost into the database, beside a run and twice a minute at most: a process that
/// does nothing writes nothing. What a killed process had not written is not known.
/// </summary>
public sealed partial class CostKeeper : IAsyncDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>A message that starts a run was fetched before it, and is deleted after it.</summary>
    private const int CallsPerMessage = 2;

    private readonly TaskStore store;
    private readonly CostMeter costs;
    private readonly TimeProvider clock;
    private readonly ILogger<CostKeeper> log;
    private long wroteAt;
    private Task writing = Task.CompletedTask;

    internal CostKeeper(TaskStore store, CostMeter costs, TimeProvider clock, ILogger<CostKeeper> log)
    {
        this.store = store;
        this.costs = costs;
        this.clock = clock;
        this.log = log;
        wroteAt = clock.GetTimestamp();
    }

    /// <summary>A function has run.</summary>
    /// <param name="isOfMessage">A message of a storage queue had triggered it.</param>
    public void Ran(bool isOfMessage)
    {
        costs.Add(CostKind.FunctionRuns);
        if (isOfMessage)
        {
            costs.Add(CostKind.StorageQueueCalls, CallsPerMessage);
        }

        var before = Volatile.Read(ref wroteAt);
        if (clock.GetElapsedTime(before) >= Between && Interlocked.CompareExchange(ref wroteAt, clock.GetTimestamp(), before) == before)
        {
            writing = WriteAsync();
        }
    }

    /// <summary>Writes what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        await writing;
        await WriteAsync();
    }

    private async Task WriteAsync()
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        try
        {
            await store.KeepCostsAsync(costs.Take(), patience.Token);
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            LogLost(exception.Message);
        }
    }

    [LoggerMessage(5800, LogLevel.Debug, "What the last half minute cost is not counted: {Reason}")]
    private partial void LogLost(string reason);
}
