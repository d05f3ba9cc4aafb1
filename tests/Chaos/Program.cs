using System.Runtime.InteropServices;
using Millrace.Tests.Chaos.Hosting;
using Millrace.Tests.Chaos.Places;
using Millrace.Tests.Chaos.Running;

// The programme, or one of the processes that it plays with.
switch (args)
{
    case [ChaosHost.Word, var data]:
        return await ChaosHost.RunAsync(data);
    case [Keeper.Word, var folder]:
        return await Keeper.RunAsync(folder);
}

if (!OperatingSystem.IsLinux())
{
    await Console.Error.WriteLineAsync("The chaos programme stops and goes on with processes as Linux does. Run it on Linux (on Windows: WSL).");
    return 2;
}

if (ChaosPlan.Parse(args) is not { } plan)
{
    await Console.Error.WriteLineAsync(ChaosPlan.Usage);
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
try
{
    return await new ChaosRun(plan).RunAsync(stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped. The same command goes on where this one stopped.");
    return 130;
}

void End(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
