using Millrace.Local.Services.Install;
using Millrace.Local.Services.Processes;

namespace Millrace.Local.Services;

/// <summary>
/// Where PostgreSQL's programs and data lie, and as whom it runs. Normally the tools and the data directory; for root in a folder that
/// other users may not pass through (such as one in <c>/root</c>) a place of their own under <c>/var/lib</c>.
/// </summary>
internal sealed record PostgresHome(string Programs, string Data, PostgresAccount? Account)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The folder in which the data is made, before it is complete.</summary>
    public string Parent => Path.GetDirectoryName(Data)!;

    public static async Task<PostgresHome> FindAsync(
        DataDirectory data, NodePackages packages, Action<string> progress, TimeProvider timeProvider, CancellationToken cancellation)
    {
        var account = PostgresAccount.Choose();
        UnixFiles.CreateOpenFolder(data.Postgres);
        var usual = new PostgresHome(packages.Postgres, Path.Combine(data.Postgres, "data"), account);
        var open = new PostgresHome(
            Path.Combine(DataDirectory.OpenPlace(packages.Postgres), "native"),
            Path.Combine(data.OpenPostgres, "postgres", "data"),
            account);
        if (account is null || (!Directory.Exists(open.Data) && await usual.IsReachableAsync(timeProvider, cancellation)))
        {
            return usual;
        }

        progress(
            $"PostgreSQL runs as user {account.UserId}, who may not pass through {data.Root}: "
            + $"its data is in {open.Parent}, its programs are in {open.Programs}.");
        UnixFiles.CreateOpenFolder(data.OpenPostgres);
        UnixFiles.CreateOpenFolder(open.Parent);
        UnixFiles.CreateOpenFolder(Path.GetDirectoryName(open.Programs)!);
        await CopyProgramsAsync(packages.Postgres, open.Programs, timeProvider, cancellation);
        return open;
    }

    /// <summary>A program of PostgreSQL's, run as the right user. Its working directory is one that every user may enter.</summary>
    public ServerCommand AsItsUser(string program, IReadOnlyList<string> arguments)
    {
        var command = new ServerCommand(Path.Combine(Programs, "bin", program), arguments, "/");
        return Account is null ? command : Account.Wrap(command);
    }

    private async Task<bool> IsReachableAsync(TimeProvider timeProvider, CancellationToken cancellation)
    {
        const string probe = """[ -x "$0" ] && [ -x "$1" ] && echo yes || echo no""";
        var command = new ServerCommand("/bin/sh", ["-c", probe, Path.Combine(Programs, "bin", "postgres"), Parent], "/");
        var answer = await InstallCommand.RunAsync(Account!.Wrap(command), Patience, "Check setpriv.", timeProvider, cancellation);
        return answer.Trim() == "yes";
    }

    private static async Task CopyProgramsAsync(string from, string to, TimeProvider timeProvider, CancellationToken cancellation)
    {
        var marker = new InstallMarker(to, PinnedFile.Hash(PinnedFile.Read("package-lock.json")));
        using var held = await FileLock.AcquireAsync(to + ".lock", Patience, static () => { }, timeProvider, cancellation);
        if (marker.IsComplete)
        {
            return;
        }

        marker.Begin();
        var copy = new ServerCommand("cp", ["-R", "-P", "-p", from, marker.Partial], "/");
        await InstallCommand.RunAsync(copy, Patience, $"Check the free space of {to}.", timeProvider, cancellation);
        var copied = Path.Combine(marker.Partial, Path.GetFileName(from));
        var open = new ServerCommand("chmod", ["-R", "a+rX", copied], "/");
        await InstallCommand.RunAsync(open, Patience, $"Check the rights of {to}.", timeProvider, cancellation);
        marker.Complete(copied);
    }
}
