using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;

namespace Millrace.Local.Services.Install;

/// <summary>Runs a program to its end, within a time, and keeps what it wrote.</summary>
internal static class InstallCommand
{
    /// <summary>
    /// Throws <see cref="ServerException"/> with <paramref name="advice"/> and the last lines when the program fails or takes too
    /// long.
    /// </summary>
    public static async Task<string> RunAsync(
        ServerCommand command, TimeSpan timeout, string advice, TimeProvider timeProvider, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(timeout, timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var result = await Cli.Wrap(command.Program)
                .WithArguments(command.Arguments)
                .WithWorkingDirectory(command.WorkingDirectory)
                .WithEnvironmentVariables(variables => variables.Set("LC_ALL", "C"))
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(both.Token);
            return result.ExitCode == 0
                ? result.StandardOutput
                : throw new ServerException($"{Name(command)} failed (exit code {result.ExitCode}). {advice}{Tail(result)}");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new ServerException($"{Name(command)} did not finish within {timeout.TotalMinutes:0} minutes. {advice}");
        }
        catch (Win32Exception missing)
        {
            throw new ServerException($"{command.Program} could not be run. {advice}", missing);
        }
    }

    private static string Name(ServerCommand command) => Path.GetFileName(command.Program);

    private static string Tail(BufferedCommandResult result)
    {
        var lines = (result.StandardOutput + "\n" + result.StandardError)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Concat(lines.TakeLast(20).Select(line => Environment.NewLine + line));
    }
}
