using System.Diagnostics;

namespace Millrace.Local.Services.Processes;

/// <summary>
/// Starts a program that outlives this process if it must: in a session of its own, so that Ctrl-C in the terminal does not reach it
/// before the host has drained, and with its output in a file, so that it never writes into a broken pipe.
/// </summary>
internal static class DetachedProcess
{
    // The shell opens the log before the program drops its rights, and every step replaces the one before: the process id stays the same.
    private const string Redirect = """exec "$@" </dev/null >>"$MILLRACE_LOG" 2>&1""";

    private const string PerlSession = "use POSIX; POSIX::setsid(); exec {$ARGV[0]} @ARGV or exit 127";

    public static ProcessMark Start(ServerCommand command, string log)
    {
        List<string> words = [.. Session(), "/bin/sh", "-c", Redirect, "sh", command.Program, .. command.Arguments];
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            WorkingDirectory = command.WorkingDirectory,

            // All three, or .NET treats the child as a user of the terminal and changes the terminal's settings for it.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MILLRACE_LOG"] = log;
        start.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)
            ?? throw new ServerException($"{command.Program} could not be started. Check that {words[0]} can be run.");
        return ProcessMark.Of(process.Id) ?? new ProcessMark(process.Id, "gone");
    }

    // Linux has setsid, macOS has perl. Without either the server still starts, but Ctrl-C stops it together with the host.
    private static string[] Session()
    {
        if (Executable.Find("setsid") is { } setsid)
        {
            return [setsid];
        }

        return Executable.Find("perl") is { } perl ? [perl, "-e", PerlSession] : [];
    }
}
