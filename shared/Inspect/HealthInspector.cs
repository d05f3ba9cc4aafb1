using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Views;
using Millrace.Store;
using Npgsql;

namespace Millrace.Inspect;

/// <summary>Says whether the pipeline works, and why not. An idle pipeline is healthy, with or without workers.</summary>
public sealed class HealthInspector
{
    private readonly TaskStore store;
    private readonly InspectOptions options;
    private readonly TimeProvider clock;

    internal HealthInspector(TaskStore store, InspectOptions options, TimeProvider clock)
    {
        this.store = store;
        this.options = options;
        this.clock = clock;
    }

    /// <summary>The process answers; nothing else is asked.</summary>
    public static IResult Live() => new JsonAnswer<LiveView>(StatusCodes.Status200OK, new("healthy"), ApiJson.Readable.LiveView);

    /// <summary>The pipeline as a whole; 503 when unhealthy.</summary>
    public async Task<IResult> QueueAsync(CancellationToken cancellation)
    {
        var vitals = await InTimeAsync(c => store.VitalsAsync(options.VitalLimits, c), cancellation);
        var health = HealthRules.Judge(vitals, options);
        var status = health.Status == HealthRules.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return new JsonAnswer<HealthView>(status, health, ApiJson.Readable.HealthView);
    }

    /// <summary>PostgreSQL alone; 503 when it is not reached in time.</summary>
    public async Task<IResult> DatabaseAsync(CancellationToken cancellation)
    {
        var start = clock.GetTimestamp();
        var server = await InTimeAsync(store.ServerAsync, cancellation);
        if (server is null)
        {
            return new JsonAnswer<DatabaseHealthView>(
                StatusCodes.Status503ServiceUnavailable, new(HealthRules.Unhealthy, false), ApiJson.Readable.DatabaseHealthView);
        }

        var view = new DatabaseHealthView(HealthRules.Healthy, true)
        {
            LatencyMs = Math.Round(clock.GetElapsedTime(start).TotalMilliseconds, 2),
            ServerVersion = server.Version,
            ServerStartedAt = server.StartedAt,
            Connections = server.Connections,
            ActiveConnections = server.Active,
            MaxConnections = server.MaxConnections,
            PoolSize = server.PoolSize,
        };
        return new JsonAnswer<DatabaseHealthView>(StatusCodes.Status200OK, view, ApiJson.Readable.DatabaseHealthView);
    }

    /// <summary>Null when the database does not answer in the time that health has.</summary>
    private async Task<T?> InTimeAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellation)
        where T : class
    {
        using var timer = new CancellationTokenSource(options.HealthTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        try
        {
            return await read(either.Token);
        }
        catch (NpgsqlException exception) when (StoreOutage.IsOne(exception))
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
