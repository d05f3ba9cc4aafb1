using System.Text;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Tests.Support;

/// <summary>Brings tasks into a state by the road that the pipeline takes: store methods only, in a queue of their own.</summary>
internal sealed class Given(TaskStore store, string? queueName = null)
{
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    internal static readonly TicketChoice AnyTicket = new([], WithSuspects: true);

    internal static readonly DispatchLimits Limits = new(100, Lease);

    /// <summary>How a test takes a ticket.</summary>
    internal static StartOrder Order(ExecutorId executor, Guid? key = null) => new(executor, Lease, key ?? Guid.CreateVersion7(), TaskStore.BeginAtOnce, TakesSuspects: true);

    private static readonly TaskError Broken = new("broken", "It broke.", "at Handler.Run()");

    internal string Queue { get; } = queueName ?? $"q-{Guid.CreateVersion7():N}";

    internal ExecutorId Executor { get; } = new(Guid.CreateVersion7());

    internal NewTask NewTask() => new()
    {
        Id = new TaskId(Guid.CreateVersion7()),
        Type = "greet",
        QueueName = Queue,
        Priority = 5,
        Retries = new RetryPolicy(3, 5, 2, 3_600),
        TimeoutSeconds = 60,
        Data = "{}"u8.ToArray(),
    };

    internal async Task<TaskId> SubmittedAsync(Func<NewTask, NewTask>? change = null)
    {
        var task = NewTask();
        task = change is null ? task : change(task);
        await store.SubmitAsync([task], TestContext.Current.CancellationToken);
        return task.Id;
    }

    internal Task<TaskId> SubmittedAsync(string data) => SubmittedAsync(t => t with { Data = Encoding.UTF8.GetBytes(data) });

    /// <summary>Claims what is due in the queue into one ticket, and starts that.</summary>
    internal async Task<TicketId> StartedAsync(bool quarantined = false, int size = 1_000)
    {
        var ticket = await ClaimedAsync(quarantined, size);
        Assert.NotNull(await store.StartTicketAsync(ticket, Given.Order(Executor), TestContext.Current.CancellationToken));
        return ticket;
    }

    internal async Task<TicketId> ClaimedAsync(bool quarantined = false, int size = 1_000)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var ticket = quarantined
            ? await store.ClaimQuarantinedAsync(Queue, Lease, cancellation)
            : await store.ClaimTicketAsync(Queue, size, Limits, cancellation);
        return Assert.NotNull(ticket).Id;
    }

    /// <summary>Writes about the task in the place that it has in the ticket; in the first, when it is not in it.</summary>
    internal async Task<IReadOnlyList<TaskId>> AppliedAsync(TicketId ticket, TaskId task, Transition transition)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var place = (await store.HeldTasksAsync(ticket, cancellation)).Where(held => held.Id == task).Select(static held => (int?)held.Place).FirstOrDefault() ?? 1;
        return await store.ApplyAsync(ticket, Executor, [new AttemptResult(task, transition, 40, 30, place)], cancellation);
    }

    internal async Task<TaskId> InAsync(TaskState state) => state switch
    {
        TaskState.Blocked => throw new NotSupportedException("No store method blocks a task yet."),
        TaskState.Scheduled => await SubmittedAsync(static t => t with { DelaySeconds = 3_600 }),
        TaskState.Pending => await SubmittedAsync(),
        TaskState.Dispatched => await AfterClaimAsync(),
        TaskState.Running => await AfterStartAsync(),
        TaskState.Retrying => await EndedAsync(Failed(TimeSpan.FromHours(1))),
        TaskState.Succeeded => await EndedAsync(new Transition.Finish(FinishedAs.Succeeded, "{\"n\":1.0}"u8.ToArray())),
        TaskState.Failed => await EndedAsync(new Transition.Bury(DeathReason.Rejected, Broken)),
        TaskState.Cancelled => await EndedAsync(new Transition.Finish(FinishedAs.Cancelled, default)),
        TaskState.Expired => await ExpiredAsync(),
    };

    internal static Transition.Retry Failed(TimeSpan delay, bool crashed = false) => new(delay, Broken, crashed);

    internal async Task<TaskId> EndedAsync(Transition transition)
    {
        var task = await SubmittedAsync();
        var ticket = await StartedAsync();
        Assert.Empty(await AppliedAsync(ticket, task, transition));
        await store.CloseTicketAsync(ticket, TestContext.Current.CancellationToken);
        return task;
    }

    private async Task<TaskId> AfterClaimAsync()
    {
        var task = await SubmittedAsync();
        await ClaimedAsync();
        return task;
    }

    private async Task<TaskId> AfterStartAsync()
    {
        var task = await SubmittedAsync();
        await StartedAsync();
        return task;
    }

    private async Task<TaskId> ExpiredAsync()
    {
        var task = await SubmittedAsync(static t => t with { ExpiresAt = DateTimeOffset.UnixEpoch });
        await store.ExpireAsync(100, TestContext.Current.CancellationToken);
        return task;
    }
}
