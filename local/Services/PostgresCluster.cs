using System.Globalization;
using Millrace.Local.Services.Install;
using Millrace.Local.Services.Processes;

namespace Millrace.Local.Services;

/// <summary>The files of one PostgreSQL: made once, under another name until they are complete, and unlocked after a crash.</summary>
internal static class PostgresCluster
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task EnsureAsync(
        PostgresHome home, ServerOptions options, TimeProvider timeProvider, CancellationToken cancellation)
    {
        if (Directory.Exists(home.Data))
        {
            return;
        }

        options.Progress($"Making a new PostgreSQL database in {home.Data}: once, a few seconds.");
        foreach (var broken in Directory.EnumerateDirectories(home.Parent, "data.partial-*").ToArray())
        {
            Directory.Delete(broken, recursive: true);
        }

        // The process in the name: an initdb whose host was killed may still be writing into its own.
        var partial = $"{home.Data}.partial-{Environment.ProcessId}";
        UnixFiles.CreatePrivateFolder(partial);
        if (home.Account is { } account)
        {
            NativeMethods.Own(partial, account.UserId, account.GroupId);
        }

        // The builtin provider knows C.UTF-8 on every system; a system's own C.UTF-8 may be missing.
        List<string> arguments =
        [
            "-D", partial, "--username=postgres", "--auth=trust", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
        ];
        if (options.PostgresSettings.GetValueOrDefault("fsync") == "off")
        {
            arguments.Add("--no-sync");
        }

        var advice = $"Check the free space of {home.Parent}, or set MILLRACE_POSTGRES to a server of your own.";
        await InstallCommand.RunAsync(home.AsItsUser("initdb", arguments), Patience, advice, timeProvider, cancellation);
        Directory.Move(partial, home.Data);
    }

    /// <summary>
    /// PostgreSQL refuses to start while the process that its lock file names lives. After a crash that number may belong to another
    /// program, or to a server that its host did not live long enough to record.
    /// </summary>
    public static async Task ClearStaleLockAsync(
        PostgresHome home, ServerOptions options, TimeProvider timeProvider, CancellationToken cancellation)
    {
        var file = Path.Combine(home.Data, "postmaster.pid");
        if (!File.Exists(file)
            || !int.TryParse((await File.ReadAllTextAsync(file, cancellation)).Split('\n')[0], CultureInfo.InvariantCulture, out var id)
            || ProcessMark.Of(id) is not { } mark)
        {
            return;
        }

        var list = new ServerCommand("ps", ["-o", "args=", "-p", id.ToString(CultureInfo.InvariantCulture)], "/");
        var advice = $"Remove {file} if process {id} is not PostgreSQL.";
        var words = await InstallCommand.RunAsync(list, Patience, advice, timeProvider, cancellation);
        if (words.Contains(home.Data, StringComparison.Ordinal))
        {
            options.Progress($"PostgreSQL of a host that crashed still runs (process {id}); stopping it.");
            await ProcessStop.StopAsync(mark, [new(Signal.Interrupt, Patience), new(Signal.Quit, Patience)], timeProvider, cancellation);
            return;
        }

        options.Progress($"The lock of PostgreSQL's data names process {id}, which is another program now; removing the lock.");
        File.Delete(file);
    }
}
