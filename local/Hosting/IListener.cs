namespace Millrace.Local.Hosting;

/// <summary>What a queue or a timer does until it is told to stop. Work already started goes on after that.</summary>
internal interface IListener
{
    Task RunAsync(CancellationToken stop);
}
