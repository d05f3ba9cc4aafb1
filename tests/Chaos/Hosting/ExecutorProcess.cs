using System.Diagnostics;
using Millrace.Local.Services.Processes;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Places;
using Millrace.Tests.Chaos.Sending;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Hosting;

/// <summary>One executor: a process of this program that runs the whole app. It remembers by whose hand it ended.</summary>
internal sealed class ExecutorProcess : IAsyncDisposable
{
    /// <summary>128 + SIGKILL, as .NET reports a process that was killed.</summary>
    private const int Killed = 137;

    private const string WarmUpQueue = "warm-up";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan WarmUpTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly TextWriter log;
    private long? askedToStopAt;
    private bool isGivenUp;

    private ExecutorProcess(Process process, TextWriter log)
    {
        (this.process, this.log) = (process, log);
        Ended = WatchAsync();
    }

    internal int Id => process.Id;

    /// <summary>Where its API answers; none while it starts, or when it died before it was ready.</summary>
    internal HttpClient? Client { get; private set; }

    internal bool IsFrozen { get; private set; }

    /// <summary>It does not reach PostgreSQL, so nobody asks it.</summary>
    internal bool IsCutOff { get; set; }

    internal bool IsUsable => Client is not null && !IsFrozen && !IsCutOff && !Ended.IsCompleted;

    /// <summary>When it was asked to stop; none if it was not.</summary>
    internal long? AskedToStopAt => askedToStopAt;

    /// <summary>Completes when the process has ended.</summary>
    internal Task<ProcessEnd> Ended { get; }

    /// <summary>Starts it and returns at once; <see cref="UntilReadyAsync"/> waits for its first word.</summary>
    internal static ExecutorProcess Start(ExecutorStart start, Action<ProcessMark> started)
    {
        var folder = Directory.CreateDirectory(Path.Combine(start.Folder, $"{start.Name}-{Guid.CreateVersion7():N}")).FullName;

        // Where the programme itself runs in the background, the shell has made it deaf to SIGINT, and its children would be, too.
        var begin = new ProcessStartInfo("env", ["--default-signal=INT", Executable.Dotnet(), typeof(ExecutorProcess).Assembly.Location, ChaosHost.Word, folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in start.Environment.Append(new(ChaosHost.WitnessVariable, start.WitnessFolder)))
        {
            begin.Environment[name] = value;
        }

        var process = new Process { StartInfo = begin };

        // The reader of the pipe may write a last line while the file is closed.
        var log = TextWriter.Synchronized(new StreamWriter(Path.Combine(start.Folder, $"{start.Name}.log"), append: true) { AutoFlush = true });
        process.ErrorDataReceived += (_, line) => Tell(log, line.Data);
        process.Start();
        process.BeginErrorReadLine();
        if (ProcessMark.Of(process.Id) is { } mark)
        {
            started(mark);
        }

        return new ExecutorProcess(process, log);
    }

    internal async Task UntilReadyAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(StartTimeout, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        while (await process.StandardOutput.ReadLineAsync(both.Token) is { } line)
        {
            if (line.StartsWith(ChaosHost.Ready, StringComparison.Ordinal))
            {
                var client = new HttpClient { BaseAddress = new Uri(line[ChaosHost.Ready.Length..] + "/"), Timeout = TimeSpan.FromSeconds(15) };
                await WarmUpAsync(client, both.Token);
                Client = client;
                return;
            }
        }

        // It ended before it was ready: a checkpoint may lie that early. How it ended is judged.
    }

    /// <summary>
    /// As a platform does before it sends anybody to a new instance: asks for its health, and sends it one task. What the answers are does not matter: servers may be
    /// away. What a cold start costs is measured by the benchmarks.
    /// </summary>
    private static async Task WarmUpAsync(HttpClient client, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(WarmUpTimeout, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var health = await client.GetAsync(new Uri("health", UriKind.Relative), both.Token);
            using var answer = await Sender.PostAsync(client, Sender.Body(new(WarmUpQueue, 1), 1), Guid.CreateVersion7().ToString(), both.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // It has died already, or hangs. Both are judged.
        }
    }

    internal void Kill() => process.Kill();

    internal void Freeze()
    {
        IsFrozen = true;
        Native.Send(Id, Native.Stop);
    }

    internal void Thaw()
    {
        Native.Send(Id, Native.Continue);
        IsFrozen = false;
    }

    /// <summary>Sends the signal, and does not wait for the end.</summary>
    internal void AskToStop(int signal = Native.Terminate)
    {
        askedToStopAt ??= Monotonic.Now;
        Native.Send(Id, signal);
    }

    /// <summary>It takes no more work, and goes on with what it has.</summary>
    internal async Task DrainAsync(CancellationToken cancellation)
    {
        if (Client is { } client)
        {
            using var answer = await client.PostAsync(new Uri("admin/host/drain", UriKind.Relative), null, cancellation);
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Ends it whatever its state, and returns when it has.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Ended.IsCompleted)
        {
            isGivenUp = true;
            process.Kill();
        }

        await Ended.WaitAsync(EndTimeout, TimeProvider.System);
        Client?.Dispose();
        process.Dispose();
        await log.DisposeAsync();
    }

    private async Task<ProcessEnd> WatchAsync()
    {
        await process.WaitForExitAsync();
        var how = askedToStopAt is not null || isGivenUp ? EndKind.Stopped : process.ExitCode == Killed ? EndKind.Killed : EndKind.ByItself;
        return new(process.Id, Monotonic.Now, how, process.ExitCode, askedToStopAt);
    }

    private static void Tell(TextWriter log, string? line)
    {
        try
        {
            if (line is not null)
            {
                log.WriteLine(line);
            }
        }
        catch (ObjectDisposedException)
        {
            // Its end was told already.
        }
    }
}
