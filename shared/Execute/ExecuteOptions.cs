using System.ComponentModel.DataAnnotations;

namespace Millrace.Execute;

/// <summary>How an executor works. Section <c>Millrace:Execute</c>.</summary>
internal sealed class ExecuteOptions
{
    /// <summary>
    /// Handlers that this process may have running at the same time; the last eighth is for queues that hold none. Also <c>WORKER_CONCURRENCY</c>.
    /// </summary>
    [Range(1, 1_000)]
    public int Concurrency { get; set; } = 32;

    /// <summary>Handlers that one ticket may have running at the same time.</summary>
    [Range(1, 1_000)]
    public int TicketConcurrency { get; set; } = 32;

    /// <summary>How long a ticket is held without a heartbeat, in seconds.</summary>
    [Range(1, 600)]
    public double LeaseSeconds { get; set; } = 10;

    /// <summary>Seconds between heartbeats; at most a third of the lease.</summary>
    [Range(0.1, 200)]
    public double HeartbeatSeconds { get; set; } = 3;

    /// <summary>How long an executor without work waits for more before it returns, in seconds. 0 returns at once.</summary>
    [Range(0, 600)]
    public double LingerSeconds { get; set; } = 5;

    /// <summary>How often a waiting executor looks for work by itself, in seconds.</summary>
    [Range(0.01, 60)]
    public double PollSeconds { get; set; } = 0.2;

    /// <summary>After this long an invocation takes no more work, in seconds; the rest goes out as new tickets.</summary>
    [Range(1, 3_600)]
    public double InvocationSeconds { get; set; } = 240;

    /// <summary>The most tasks claimed at once into a running ticket.</summary>
    [Range(1, 5_000)]
    public int ClaimSize { get; set; } = 500;

    /// <summary>How long after the end of their lease handlers go on while PostgreSQL does not answer, in seconds. Nothing is begun meanwhile.</summary>
    [Range(0, 3_600)]
    public double OutageSeconds { get; set; } = 120;

    /// <summary>
    /// How long handlers may go on after the host said stop, before they are cancelled and given back, in seconds. The Functions host kills its worker after five,
    /// and what was cancelled has to be written before.
    /// </summary>
    [Range(0, 300)]
    public double ShutdownGraceSeconds { get; set; } = 1;

    /// <summary>How long a handler may take to obey its cancellation before its task is settled without it. Seconds.</summary>
    [Range(0, 300)]
    public double ObeySeconds { get; set; } = 5;

    /// <summary>At shutdown there is less time to obey.</summary>
    internal double ShutdownObeySeconds => Math.Min(ObeySeconds, 1);

    /// <summary>How long the end of the process waits for what its executors give back.</summary>
    internal TimeSpan LongestStop => TimeSpan.FromSeconds(ShutdownGraceSeconds + ShutdownObeySeconds + 2);

    /// <summary>Tasks of a ticket that may have ended and wait to be written, before no more are taken.</summary>
    internal int MostUnwritten => Math.Max(2 * ClaimSize, 2 * TicketConcurrency);

    internal TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);
}
