using System.Globalization;
using Millrace.Local.Services.Processes;

namespace Millrace.Local.Services;

/// <summary>
/// The user PostgreSQL runs as when this process is root, which PostgreSQL refuses to be: <c>postgres</c> where it exists, else
/// <c>nobody</c>.
/// </summary>
internal sealed record PostgresAccount(int UserId, int GroupId)
{
    private const int Nobody = 65534;

    private const string NoOtherUser =
        "PostgreSQL does not run as root, and this system has no setpriv to start it as another user. "
        + "Start as an ordinary user, or set MILLRACE_POSTGRES to a server of your own.";

    /// <summary>None for an ordinary user: the server runs as that one.</summary>
    public static PostgresAccount? Choose()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        if (Executable.Find("setpriv") is null)
        {
            throw new ServerException(NoOtherUser);
        }

        var entry = File.Exists("/etc/passwd")
            ? File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(fields => fields is ["postgres", _, _, _, ..])
            : null;
        return entry is null ? new(Nobody, Nobody) : new(Number(entry[2]), Number(entry[3]));
    }

    public ServerCommand Wrap(ServerCommand command) => command with
    {
        Program = "setpriv",
        Arguments = [$"--reuid={UserId}", $"--regid={GroupId}", "--clear-groups", command.Program, .. command.Arguments],
    };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
