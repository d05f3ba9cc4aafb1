namespace Millrace.Local.Services;

/// <summary>Which servers to bring up, and where they keep their data.</summary>
internal sealed record ServerOptions
{
    /// <summary>
    /// The folder of data, logs and state, such as <c>.millrace</c> in the root of the repository. Hosts that name the same one
    /// share its servers.
    /// </summary>
    public required string DataDirectory { get; init; }

    /// <summary>
    /// The folder of the installed programs; several data directories may share it. Without one: <c>tools</c> in the data
    /// directory.
    /// </summary>
    public string? ToolsDirectory { get; init; }

    /// <summary>The servers to start: those that have no connection string.</summary>
    public IReadOnlySet<ServerKind> Wanted { get; init; } = new HashSet<ServerKind>(Enum.GetValues<ServerKind>());

    /// <summary>Empties the data of all three servers before the start. Refused while another host uses the directory.</summary>
    public bool Reset { get; init; }

    /// <summary>
    /// PostgreSQL settings beyond the defaults, such as <c>fsync</c> = <c>off</c> for a test run. They count only when this host
    /// is the one that starts the server.
    /// </summary>
    public IReadOnlyDictionary<string, string> PostgresSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>How long a server may take from its start to its first answer; PostgreSQL may have to recover from a crash in it.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where lines of progress go, one sentence at a time, never two at once.</summary>
    public Action<string> Progress { get; init; } = static _ => { };
}
