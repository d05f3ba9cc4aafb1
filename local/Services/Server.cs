namespace Millrace.Local.Services;

/// <summary>
/// One kind of server: how it is prepared, started, asked and stopped. Keeps no process; <see cref="ServerRunner"/> does.
/// </summary>
internal abstract class Server(ServerKind kind, string name, int firstPort, int portCount)
{
    public ServerKind Kind => kind;

    public string Name => name;

    public int FirstPort => firstPort;

    public int PortCount => portCount;

    /// <summary>From polite to hard; after the last step the process is gone.</summary>
    public abstract IReadOnlyList<StopStep> StopSteps { get; }

    /// <summary>Makes what the server needs on disk, and says how to start it on these ports.</summary>
    public abstract Task<ServerCommand> PrepareAsync(int[] ports, CancellationToken cancellation);

    /// <summary>Whether the server, and no other one on the same port, answers a real request.</summary>
    public abstract Task<bool> AnswersAsync(int[] ports, CancellationToken cancellation);

    /// <summary>Removes its data. The server does not run then.</summary>
    public abstract void Wipe();

    /// <summary>Whether the last lines of a server that ended at its start tell of something that passes by itself.</summary>
    public virtual bool IsPassing(string lastLines) => false;

    protected static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
