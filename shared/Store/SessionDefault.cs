namespace Millrace.Store;

/// <summary>A setting of PostgreSQL on which our statements rest, and whose default a database, a role or a server may have changed.</summary>
/// <param name="Name">As in <c>pg_settings</c>.</param>
/// <param name="Wanted">What our transactions set it to where the default does not do.</param>
/// <param name="WillDo">Whether a default will do as it is; in the base unit of <c>pg_settings</c>.</param>
internal sealed record SessionDefault(string Name, string Wanted, Func<string, bool> WillDo)
{
    /// <summary>Every transaction that is pinned says it when it begins; its statement here is for the record.</summary>
    internal const string Isolation = "default_transaction_isolation";

    /// <summary>Milliseconds. Housekeeping and <c>verify</c> give their statements so long; shorter time-outs end what is well.</summary>
    private const int LeastTimeout = 600_000;

    /// <summary>Milliseconds. Nobody holds a lock of ours for so long.</summary>
    private const int LeastLockTimeout = 60_000;

    internal static readonly SessionDefault[] All =
    [
        // Claims look a second time for what was claimed since they began, which needs a new snapshot for each statement.
        new(Isolation, "read committed", static value => value == "read committed"),

        // The costs of steady plans are made up (TaskStore.Plans.cs), and would have each execution compiled for seconds.
        new("jit", "off", static value => value == "off"),
        new("plan_cache_mode", "auto", static value => value == "auto"),
        new("enable_indexscan", "on", IsOn),
        new("enable_indexonlyscan", "on", IsOn),
        new("enable_bitmapscan", "on", IsOn),
        new("enable_seqscan", "on", IsOn),
        new("enable_sort", "on", IsOn),
        new("enable_nestloop", "on", IsOn),
        new("enable_hashjoin", "on", IsOn),
        new("enable_hashagg", "on", IsOn),
        new("enable_material", "on", IsOn),
        new("work_mem", "4MB", static value => Number(value) >= 1_024),
        new("statement_timeout", "0", IsLongOrOff),
        new("lock_timeout", "0", static value => Number(value) is 0 or >= LeastLockTimeout),
        new("transaction_timeout", "0", IsLongOrOff),

        // An answer of 2xx says that the task survives a crash of the server.
        new("synchronous_commit", "on", static value => value != "off"),
        new("DateStyle", "ISO, MDY", static value => value.StartsWith("ISO", StringComparison.OrdinalIgnoreCase)),
        new("TimeZone", "UTC", static value => value is "UTC" or "Etc/UTC" or "GMT"),
        new("search_path", "public", static value => value is "public" or "\"$user\", public"),
    ];

    /// <summary>
    /// For a transaction of several round trips, whatever the default. It holds locks between them: who is cut off or sleeps there holds up the others for no longer.
    /// </summary>
    internal static readonly SessionDefault ShortPauses = new("idle_in_transaction_session_timeout", "10s", static _ => false);

    internal string PinSql => $"SET LOCAL {Name} = '{Wanted}'";

    /// <summary>The same in an expression, so that one statement sets several.</summary>
    internal string PinCall => $"set_config('{Name}', '{Wanted}', true)";

    private static bool IsOn(string value) => value == "on";

    private static bool IsLongOrOff(string value) => Number(value) is 0 or >= LeastTimeout;

    private static long Number(string value) => long.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
}
