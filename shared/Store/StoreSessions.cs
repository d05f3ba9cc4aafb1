using Npgsql;

namespace Millrace.Store;

/// <summary>
/// What this process knows of its sessions: which defaults of the database its transactions have to set for themselves, and which sessions are of no
/// more use. Each new connection asks for its defaults once; what was found is set from then on, until the process ends. Nothing is set in
/// a session, so a pooler in transaction mode may stand between.
/// </summary>
internal sealed class StoreSessions(TimeProvider clock)
{
    /// <summary>How a transaction begins whose settings are set; one statement of a batch cannot say it, for PostgreSQL logs a warning each time.</summary>
    internal const string BeginPinned = "BEGIN ISOLATION LEVEL READ COMMITTED";

    /// <summary>The pool is emptied at most so often: behind it others may be at work with new sessions already.</summary>
    private static readonly TimeSpan BetweenRenewals = TimeSpan.FromSeconds(0.5);

    /// <summary>Single failures are no outage; nothing answered for so long is one.</summary>
    private static readonly TimeSpan LeastOutage = TimeSpan.FromSeconds(2);

    /// <summary>So many statements that PostgreSQL breaks off are no accident, when others fail in no other way between them and within the time.</summary>
    private const int MostBrokenOff = 3;

    private static readonly TimeSpan InARow = TimeSpan.FromSeconds(10);

    private const string DefaultsSql = """
        SELECT name, setting FROM pg_settings WHERE name = ANY ($1) AND (name <> 'jit' OR pg_jit_available())
        """;

    /// <summary>
    /// PostgreSQL ends a session whose other side takes nothing for so long. A process that is frozen, or cut off, in the middle of an answer would keep the locks
    /// of its statement for a quarter of an hour, or for ever, and nobody could heal what it had. Only Linux has it; elsewhere PostgreSQL would log each try.
    /// A pooler's own sessions may keep it: it is right for them, too.
    /// </summary>
    private const string HearNoMoreSql = """
        SELECT set_config('tcp_user_timeout', '15000', false), set_config('tcp_keepalives_idle', '10', false),
               set_config('tcp_keepalives_interval', '5', false), set_config('tcp_keepalives_count', '3', false)
        WHERE version() LIKE '%linux%'
        """;

    private readonly Lock gate = new();
    private readonly List<NpgsqlDataSource> sources = [];
    private volatile IReadOnlyList<SessionDefault> pins = [];
    private HashSet<string> pinned = [];
    private long renewedAt;
    private long answeredAt = clock.GetTimestamp();
    private long failsSince;
    private long awayAt;
    private long brokenOffSince;
    private int brokenOff;

    /// <summary>What a transaction of ours sets when it begins, after its isolation; nothing where every default will do.</summary>
    internal IReadOnlyList<SessionDefault> Pins => pins;

    /// <summary>PostgreSQL has answered a statement.</summary>
    internal void Answered()
    {
        Volatile.Write(ref answeredAt, clock.GetTimestamp());
        Volatile.Write(ref failsSince, 0);
    }

    /// <summary>
    /// For seconds nothing was answered to this process, or what it wrote was refused as what anybody writes, until a moment ago: others may not have been able to
    /// renew their leases either.
    /// </summary>
    internal bool WasAwayWithin(TimeSpan moment)
    {
        var at = Volatile.Read(ref awayAt);
        return at != 0 && clock.GetElapsedTime(at) < moment;
    }

    /// <summary>This source's connections are thrown away when their sessions are of no more use.</summary>
    internal void Watch(NpgsqlDataSource source)
    {
        lock (gate)
        {
            sources.Add(source);
        }
    }

    /// <summary>Asks a new connection for its defaults.</summary>
    internal void Learn(NpgsqlConnection connection)
    {
        using var batch = FirstBatch(connection);
        using var rows = batch.ExecuteReader();
        while (rows.Read())
        {
            Judge(rows.GetString(0), rows.GetString(1));
        }
    }

    /// <summary>Asks a new connection for its defaults.</summary>
    internal async Task LearnAsync(NpgsqlConnection connection)
    {
        await using var batch = FirstBatch(connection);
        await using var rows = await batch.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            Judge(rows.GetString(0), rows.GetString(1));
        }
    }

    /// <summary>
    /// A statement has failed. Sessions that answer "read only", or have their statements broken off again and again, are thrown away: the next may
    /// have other defaults, or be of another server.
    /// </summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="mayBeImpatient">The statement may have a lock time-out of ours: that it ran into it says nothing of the session.</param>
    /// <returns>The exception to throw; null for one that is not the store's, like a cancellation.</returns>
    internal NpgsqlException? Saw(Exception exception, bool mayBeImpatient = false)
    {
        if (exception is PostgresException refused)
        {
            Judge(refused.SqlState, mayBeImpatient);
        }
        else if (exception is NpgsqlException)
        {
            SawNoAnswer(hasWaited: exception.InnerException is TimeoutException);
        }

        return exception switch
        {
            NpgsqlException known => known,
            OperationCanceledException or ObjectDisposedException => null,

            // Npgsql 10 throws a plain Exception when a statement fails while it is being prepared; it has thrown the connection away by then.
            { Source: "Npgsql" } => new NpgsqlException($"The answer of PostgreSQL could not be read: {exception.Message}", exception),
            _ => null,
        };
    }

    /// <summary>Who asks seldom has no answer for long either. So the failures count: the first since the last answer, or one that has waited in vain.</summary>
    private void SawNoAnswer(bool hasWaited)
    {
        Interlocked.CompareExchange(ref failsSince, clock.GetTimestamp(), 0);
        var since = Volatile.Read(ref hasWaited ? ref answeredAt : ref failsSince);
        if (since != 0 && clock.GetElapsedTime(since) >= LeastOutage)
        {
            Volatile.Write(ref awayAt, clock.GetTimestamp());
        }
    }

    private void Judge(string state, bool mayBeImpatient)
    {
        if (ConcernsEverybody(state))
        {
            SawNoAnswer(hasWaited: false);
        }
        else if (state == StoreOutage.WrongIsolation)
        {
            Judge(SessionDefault.Isolation, "changed");
        }

        lock (gate)
        {
            CountBrokenOff(state is PostgresErrorCodes.QueryCanceled || (state is PostgresErrorCodes.LockNotAvailable && !mayBeImpatient));
            var areMany = brokenOff >= MostBrokenOff;
            var isReadOnly = state == PostgresErrorCodes.ReadOnlySqlTransaction;

            // Statements that others cancel here and there keep nobody from renewing a lease.
            if (isReadOnly || state is PostgresErrorCodes.DiskFull or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow || (areMany && Volatile.Read(ref answeredAt) < brokenOffSince))
            {
                Volatile.Write(ref awayAt, clock.GetTimestamp());
            }

            if (isReadOnly || areMany)
            {
                Renew();
            }
        }
    }

    /// <summary>It has nothing to do with the values of a statement: while everybody is told it, nobody can renew a lease.</summary>
    private static bool ConcernsEverybody(string state) =>
        state[..2] is "08" or "28"
        || state is PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.OutOfMemory or PostgresErrorCodes.InsufficientPrivilege
            or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.IoError;

    private void CountBrokenOff(bool isOne)
    {
        if (brokenOff == 0 || clock.GetElapsedTime(brokenOffSince) > InARow)
        {
            (brokenOff, brokenOffSince) = (0, clock.GetTimestamp());
        }

        brokenOff = isOne ? brokenOff + 1 : 0;
    }

    private void Renew()
    {
        if (renewedAt != 0 && clock.GetElapsedTime(renewedAt) < BetweenRenewals)
        {
            return;
        }

        (renewedAt, brokenOff) = (clock.GetTimestamp(), 0);
        foreach (var source in sources)
        {
            source.Clear();
        }
    }

    private void Judge(string name, string setting)
    {
        var known = Array.Find(SessionDefault.All, one => one.Name == name)!;
        if (known.WillDo(setting))
        {
            return;
        }

        lock (gate)
        {
            pinned = [.. pinned, name];
            pins = [.. SessionDefault.All.Where(one => pinned.Contains(one.Name))];
        }
    }

    private static NpgsqlBatch FirstBatch(NpgsqlConnection connection)
    {
        var defaults = new NpgsqlBatchCommand(DefaultsSql);
        defaults.Parameters.With(Array.ConvertAll(SessionDefault.All, static one => one.Name));
        return new NpgsqlBatch(connection) { BatchCommands = { defaults, new NpgsqlBatchCommand(HearNoMoreSql) } };
    }
}
