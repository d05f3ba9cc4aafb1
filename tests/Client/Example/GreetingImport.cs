using Millrace.Client;

namespace Millrace.Tests.Client.Example;

internal sealed class GreetingImport(MillraceClient millrace)
{
    internal Task<BulkResult> ImportAsync(IAsyncEnumerable<Greeting> rows, string name) =>
        millrace.SubmitStreamAsync(rows.Select(row => NewTask.Of("echo", row, GreetJson.Default.Greeting)), name);

    internal async Task RepairAsync(CancellationToken cancellation)
    {
        await foreach (var task in millrace.ListAsync(new TaskFilter { Status = TaskStates.Failed, Type = "echo" }, cancellation))
        {
            await millrace.ReplayAsync(task.Id, cancellation: cancellation);
        }
    }

    internal async Task<BulkAction?> ForgetAsync(CancellationToken cancellation)
    {
        var old = new TaskFilter { Type = "echo" };
        var count = await millrace.CountPurgeAsync(old, cancellation);
        var action = await millrace.PurgeDeadLettersAsync(old, count.Confirm ?? 0, cancellation);
        await millrace.WaitAsync(action.Id, TimeSpan.FromMinutes(5), cancellation);
        return await millrace.GetBulkActionAsync(action.Id, cancellation);
    }
}
