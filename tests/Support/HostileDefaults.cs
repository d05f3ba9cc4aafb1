namespace Millrace.Tests.Support;

/// <summary>Defaults of a database that make statements fail, crawl or read otherwise. Some companies set some of these; nobody sets all.</summary>
internal static class HostileDefaults
{
    /// <summary>For the connections by which a test itself asks: what it asks is not in question.</summary>
    internal const string Sane = "-c default_transaction_isolation=read\\ committed -c search_path=public -c statement_timeout=0 -c lock_timeout=0 "
        + "-c idle_in_transaction_session_timeout=0 -c jit=off -c enable_indexscan=on -c enable_nestloop=on -c enable_hashjoin=on -c plan_cache_mode=auto "
        + "-c work_mem=4MB -c DateStyle=ISO,MDY -c TimeZone=UTC -c IntervalStyle=postgres -c bytea_output=hex";

    internal static IReadOnlyList<(string Name, string Value)> All { get; } =
    [
        ("default_transaction_isolation", "repeatable read"), ("statement_timeout", "700ms"), ("lock_timeout", "1ms"),
        ("idle_in_transaction_session_timeout", "5ms"), ("plan_cache_mode", "force_custom_plan"), ("enable_indexscan", "off"), ("enable_nestloop", "off"),
        ("enable_hashjoin", "off"), ("jit_above_cost", "0"), ("work_mem", "64kB"), ("synchronous_commit", "off"), ("DateStyle", "German, DMY"),
        ("TimeZone", "Asia/Kathmandu"), ("IntervalStyle", "sql_standard"), ("search_path", "elsewhere"), ("bytea_output", "escape"),
    ];

    /// <summary>For sessions of the database that begin from now on.</summary>
    internal static string Sql(string database) => string.Join(' ', All.Select(one => $"ALTER DATABASE {database} SET {one.Name} = '{one.Value}';"));
}
