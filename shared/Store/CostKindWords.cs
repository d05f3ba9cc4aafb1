namespace Millrace.Store;

/// <summary>The words for what is paid for, in the table costs and in answers.</summary>
internal static class CostKindWords
{
    internal static string Word(this CostKind kind) => kind switch
    {
        CostKind.StorageQueueCalls => "storage_queue_calls",
        CostKind.FunctionRuns => "function_runs",
        CostKind.SqlStatements => "sql_statements",
        CostKind.WalBytes => "wal_bytes",
    };
}
