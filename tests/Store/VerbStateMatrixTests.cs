using Millrace.DeadLetters;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Manage;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Store;

/// <summary>Every verb on a task in every state: what it answers, where the task is afterwards, and that the books agree.</summary>
public sealed class VerbStateMatrixTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Verbs = "cancel     retry      delete     replay     change     move       claim      start      finish     heal";

    /// <summary>The state after the verb; a dash means untouched. In the order of <see cref="Verbs"/>.</summary>
    private const string Matrix = """
        Blocked     cancelled  -          -          -          changed    moved      -          -          -          -
        Scheduled   cancelled  -          -          -          changed    moved      -          -          -          -
        Pending     cancelled  -          -          -          changed    moved      dispatched -          -          -
        Dispatched  asked      -          -          -          -          -          -          running    -          pending
        Running     asked      -          -          -          -          -          -          -          succeeded  pending
        Retrying    cancelled  -          -          -          changed    moved      -          -          -          -
        Succeeded   -          -          -          pending    -          -          -          -          -          -
        Failed      -          pending    gone       pending    -          -          -          -          -          -
        Cancelled   -          -          -          pending    -          -          -          -          -          -
        Expired     -          -          -          pending    -          -          -          -          -          -
        """;

    private readonly TaskStore store = database.Store;

    public static TheoryData<string, string, string> Cells()
    {
        TheoryData<string, string, string> cells = [];
        var verbs = Words(Verbs);
        foreach (var row in Matrix.Split('\n').Select(Words))
        {
            for (var i = 0; i < verbs.Length; i++)
            {
                cells.Add(verbs[i], row[0], row[i + 1]);
            }
        }

        return cells;
    }

    [Fact]
    public void The_matrix_has_every_state() =>
        Assert.Equal(Enum.GetNames<TaskState>().Order(), Matrix.Split('\n').Select(static r => Words(r)[0]).Order());

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_verb_does_to_a_state_what_the_matrix_says(string verb, string from, string expected)
    {
        var state = Enum.Parse<TaskState>(from);
        var given = new Given(store);
        var task = await BroughtIntoAsync(given, state);
        var before = await FindAsync(task);

        var status = await DoAsync(verb, given, before);

        var after = await store.FindAsync(task, TestContext.Current.CancellationToken);
        Assert.Equal(Expected(expected, state), after?.State.Word());
        Assert.Equal(expected == "asked", after?.CancelRequested ?? false);
        Assert.Equal(expected == "moved" ? $"{given.Queue}-moved" : given.Queue, after?.QueueName ?? given.Queue);
        Assert.Equal(expected == "changed", after?.Data.AsSpan().SequenceEqual("\"new\""u8) ?? false);
        Assert.Equal(ExpectedStatus(verb, state, expected), status);
        await AssertCleanAsync(given.Queue);
    }

    private async Task<TaskId> BroughtIntoAsync(Given given, TaskState state)
    {
        var task = await given.InAsync(state == TaskState.Blocked ? TaskState.Pending : state);
        if (state == TaskState.Blocked)
        {
            await database.ExecuteAsync("UPDATE tasks SET state = 'blocked' WHERE id = $1", task.Value);
        }

        Assert.Equal(state, (await FindAsync(task)).State);
        return task;
    }

    private async Task<int?> DoAsync(string verb, Given given, StoredTask task)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var ticket = new TicketId(task.TicketId ?? -1);
        var id = task.Id.ToString();
        switch (verb)
        {
            case "cancel":
                return (await Answers.ReadAsync(await new TaskCanceller(store, static () => { }).CancelAsync(id, cancellation))).Status;
            case "retry":
                return (await Answers.ReadAsync(await new DeadLetterDesk(store, new TaskSearch(store, TimeProvider.System), static _ => { }).RetryAsync(id, Answers.Post(), cancellation))).Status;
            case "delete":
                return (await Answers.ReadAsync(await new DeadLetterDesk(store, new TaskSearch(store, TimeProvider.System), static _ => { }).DeleteAsync(id, cancellation))).Status;
            case "replay":
                return (await Answers.ReadAsync(await new TaskReplayer(store, static _ => { }, 1_000).ReplayAsync(id, Answers.Post(), cancellation))).Status;
            case "change":
                return (await Answers.ReadAsync(await new TaskEditor(store, static _ => { }, 1_000).EditAsync(id, Answers.Post("""{"data": "new"}"""), cancellation))).Status;
            case "move":
                await store.MoveAsync([task.Id], $"{given.Queue}-moved", cancellation);
                return null;
            case "claim":
                await store.ClaimTicketAsync(given.Queue, 10, Given.Limits, cancellation);
                return null;
            case "start":
                await store.StartTicketAsync(ticket, Given.Order(given.Executor), cancellation);
                return null;
            case "finish":
                await given.AppliedAsync(ticket, task.Id, new Transition.Finish(FinishedAs.Succeeded, default));
                return null;
            default:
                await HealAsync(given.Queue);
                return null;
        }
    }

    /// <summary>What the healer does with a ticket whose lease has ended.</summary>
    private async Task HealAsync(string queue)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await database.ExecuteAsync("UPDATE tickets SET lease_until = now() - interval '1 second' WHERE queue_name = $1", queue);
        foreach (var lost in await store.TakeOverAsync(100, Given.Lease, TimeSpan.Zero, TimeSpan.FromSeconds(4), cancellation))
        {
            AttemptEnd end = lost.AgeMs is null ? AttemptEnd.WasGivenBack : new AttemptEnd.Crashed(CrashPart.Near);
            var tasks = await store.HeldTasksAsync(lost.Id, cancellation);
            await store.ApplyAsync(
                lost.Id, lost.Executor, [.. tasks.Select(t => new AttemptResult(t.Id, AttemptRules.Decide(t.Claim, end), lost.AgeMs, 0, t.Place))], cancellation);
            await store.CloseTicketAsync(lost.Id, cancellation);
        }
    }

    private static string? Expected(string cell, TaskState from) => cell switch
    {
        "-" or "asked" or "changed" or "moved" => from.Word(),
        "gone" => null,
        _ => cell,
    };

    private static int? ExpectedStatus(string verb, TaskState from, string cell) => (verb, cell) switch
    {
        ("cancel", "asked") => 202,
        ("cancel", "cancelled") => 200,
        ("cancel", _) => from == TaskState.Cancelled ? 200 : 409,
        ("retry", "pending") => 202,
        ("delete", "gone") => 204,
        ("replay", "pending") => 202,
        ("change", "changed") => 200,
        ("retry" or "delete" or "replay" or "change", _) => 409,
        _ => null,
    };

    private async Task AssertCleanAsync(string queue)
    {
        var ledger = LedgerRules.Judge(await store.VerifyAsync(100, TestContext.Current.CancellationToken));
        Assert.All(ledger.Queues.Where(q => q.QueueName.StartsWith(queue, StringComparison.Ordinal)), q => Assert.True(q.Clean, string.Join('\n', ledger.Faults)));

        // An empty ticket is a matter of its lease, which other classes' tickets in this database may outlive.
        Assert.DoesNotContain(ledger.Offenders, static offender => offender.Rule != "empty_ticket");
    }

    private async Task<StoredTask> FindAsync(TaskId task) =>
        Assert.IsType<StoredTask>(await store.FindAsync(task, TestContext.Current.CancellationToken));

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
