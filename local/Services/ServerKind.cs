namespace Millrace.Local.Services;

/// <summary>The servers a pipeline needs; each is started only when no connection string names one.</summary>
internal enum ServerKind
{
    /// <summary>PostgreSQL: the tasks.</summary>
    Postgres,

    /// <summary>Azurite: blobs and queues.</summary>
    Storage,

    /// <summary>Garnet, which speaks the Redis protocol: signals and live counters.</summary>
    Redis,
}
