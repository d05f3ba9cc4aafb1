using System.Security.Cryptography;
using System.Text;

namespace Millrace.Local.Services;

/// <summary>The places in one data directory. Paths only; nothing here touches the disk except <see cref="Create"/>.</summary>
internal sealed class DataDirectory(string root)
{
    public string Root { get; } = Path.GetFullPath(root);

    public string Logs => Path.Combine(Root, "logs");

    public string Hosts => Path.Combine(Root, "hosts");

    public string Postgres => Path.Combine(Root, "postgres");

    public string Storage => Path.Combine(Root, "storage");

    public string Redis => Path.Combine(Root, "redis");

    public string State => Path.Combine(Root, "state.json");

    public string Lock => Path.Combine(Root, "lock");

    /// <summary>Where PostgreSQL keeps its data when its user may not pass through <see cref="Root"/>.</summary>
    public string OpenPostgres => OpenPlace(Root);

    public string Log(ServerKind kind) => Path.Combine(Logs, $"{LogName(kind)}.log");

    /// <summary>The log of the run before.</summary>
    public string LastLog(ServerKind kind) => Path.Combine(Logs, $"{LogName(kind)}.last.log");

    public void Create()
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Logs);
        Directory.CreateDirectory(Hosts);
    }

    /// <summary>
    /// A folder that every user can pass through, that only root can make, that no cleaner empties, and that is for <paramref
    /// name="path"/> alone.
    /// </summary>
    public static string OpenPlace(string path)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(path)));
        return $"/var/lib/millrace-{Convert.ToHexStringLower(hash.AsSpan(0, 6))}";
    }

    private static string LogName(ServerKind kind) => kind switch
    {
        ServerKind.Postgres => "postgres",
        ServerKind.Storage => "azurite",
        ServerKind.Redis => "garnet",
    };
}
