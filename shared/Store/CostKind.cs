namespace Millrace.Store;

/// <summary>What an operator pays for, and what saturates first.</summary>
internal enum CostKind
{
    /// <summary>Requests to the storage queues: of each message its put, get and delete. What a host asks while a queue is empty is its own.</summary>
    StorageQueueCalls,

    /// <summary>Runs of functions, by whatever trigger.</summary>
    FunctionRuns,

    /// <summary>Statements sent to PostgreSQL; a batch counts each of its statements.</summary>
    SqlStatements,

    /// <summary>What the server wrote ahead. It counts that itself; no process adds to it.</summary>
    WalBytes,
}
