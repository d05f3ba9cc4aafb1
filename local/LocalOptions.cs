namespace Millrace.Local;

/// <summary>The flags of <c>dotnet run --project local</c>.</summary>
internal sealed record LocalOptions
{
    /// <summary>Where HTTP listens; stepped over when taken.</summary>
    public required int Port { get; init; }

    /// <summary>The folder of data, logs and installed servers.</summary>
    public required string Data { get; init; }

    /// <summary>Empties the data first.</summary>
    public bool Reset { get; init; }

    /// <summary>Streams the flights, shows the table, and ends.</summary>
    public bool Demo { get; init; }

    /// <summary>Demands keys on loopback too.</summary>
    public bool EnableAuth { get; init; }

    /// <summary>Timers and executors only.</summary>
    public bool NoHttp { get; init; }

    /// <summary>HTTP and timers only.</summary>
    public bool NoExecutors { get; init; }
}
