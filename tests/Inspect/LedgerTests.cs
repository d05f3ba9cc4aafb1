using System.Data;
using Millrace.Api.Views;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;
using Npgsql;

namespace Millrace.Tests.Inspect;

/// <summary>Each test breaks one thing on purpose, in a database of its own, and the ledger must name it.</summary>
public sealed class LedgerTests : IAsyncLifetime
{
    private readonly TestDatabase database = new();

    private Given given = null!;

    public async ValueTask InitializeAsync()
    {
        await database.InitializeAsync();
        given = new Given(database.Store);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task A_pipeline_that_did_everything_is_clean_before_and_after_the_counters_are_folded()
    {
        var cancellation = TestContext.Current.CancellationToken;
        foreach (var state in Enum.GetValues<TaskState>().Where(static s => s != TaskState.Blocked))
        {
            await given.InAsync(state);
        }

        var moved = await given.InAsync(TaskState.Failed);
        await database.Store.RetryDeadLettersAsync([moved], new Revival($"{given.Queue}-other", 9), cancellation);
        await database.Store.DeleteDeadLettersAsync([await given.InAsync(TaskState.Failed)], cancellation);

        Assert.Empty((await JudgeAsync()).Faults);
        await database.Store.FoldCountersAsync(10_000, cancellation);
        var ledger = await JudgeAsync();
        Assert.True(ledger.Clean);
        Assert.Equal(1, ledger.Queues.Single(q => q.QueueName.EndsWith("-other", StringComparison.Ordinal)).Live);
    }

    [Fact]
    public async Task A_lost_task_is_missed()
    {
        var task = await given.SubmittedAsync();
        await database.ExecuteAsync("DELETE FROM tasks WHERE id = $1", task.Value);
        Assert.Equal([$"Queue {given.Queue}: the counters say 1 live tasks, the tables hold 0."], (await JudgeAsync()).Faults);
    }

    [Fact]
    public async Task A_task_in_two_places_is_named()
    {
        var task = await given.InAsync(TaskState.Failed);
        await database.ExecuteAsync(
            """
            INSERT INTO tasks (id, due_at, timeout_seconds, retry_delay_seconds, retry_backoff, max_retry_delay_seconds, priority,
                               max_retries, queue_name, type, data)
            SELECT id, due_at, timeout_seconds, retry_delay_seconds, retry_backoff, max_retry_delay_seconds, priority,
                   max_retries, queue_name, type, data FROM dead_letters WHERE id = $1
            """,
            task.Value);
        await AssertNamedAsync("two_places", task.ToString());
    }

    [Fact]
    public async Task A_claimed_task_without_its_ticket_is_named()
    {
        var task = await given.InAsync(TaskState.Running);
        await database.ExecuteAsync("DELETE FROM tickets");
        await AssertNamedAsync("no_ticket", task.ToString());
    }

    [Fact]
    public async Task A_task_with_too_many_attempts_is_named()
    {
        var task = await given.InAsync(TaskState.Succeeded);
        await database.ExecuteAsync("UPDATE finished_tasks SET attempts = 9 WHERE id = $1", task.Value);
        await AssertNamedAsync("attempts", task.ToString());
    }

    [Fact]
    public async Task A_task_that_crashed_and_travels_with_others_is_named()
    {
        var task = await given.InAsync(TaskState.Running);
        await database.ExecuteAsync("UPDATE tasks SET attempts = 1, crashes = 2 WHERE id = $1", task.Value);
        await AssertNamedAsync("quarantine", task.ToString());
    }

    [Fact]
    public async Task A_task_in_a_ticket_of_another_queue_is_named()
    {
        var task = await given.InAsync(TaskState.Running);
        await database.ExecuteAsync("UPDATE tickets SET queue_name = 'elsewhere'");
        await AssertNamedAsync("wrong_queue", task.ToString());
    }

    [Fact]
    public async Task A_task_in_a_ticket_before_its_time_is_named()
    {
        var task = await given.InAsync(TaskState.Running);
        await database.ExecuteAsync("UPDATE tasks SET due_at = now() + interval '1 hour' WHERE id = $1", task.Value);
        await AssertNamedAsync("early", task.ToString());
    }

    [Fact]
    public async Task What_was_claimed_after_the_transaction_began_and_before_its_snapshot_is_not_early()
    {
        await using var connection = await database.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var look = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, TestContext.Current.CancellationToken);
        await using var begin = new NpgsqlCommand("SET LOCAL lock_timeout = '5s'", connection, look);
        await begin.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await using var offenders = new NpgsqlCommand(TaskStore.OffendersSql, connection, look) { Parameters = { new() { Value = 100L } } };
        await given.InAsync(TaskState.Running);
        await using var found = await offenders.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        Assert.False(await found.ReadAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_old_ticket_without_tasks_is_named()
    {
        await given.InAsync(TaskState.Running);
        await database.ExecuteAsync("DELETE FROM tasks");
        await database.ExecuteAsync("DELETE FROM claims");
        await database.ExecuteAsync("UPDATE tickets SET created_at = now() - interval '1 hour', lease_until = now() - interval '1 hour'");
        Assert.Contains((await JudgeAsync()).Offenders, static o => o.Rule == "empty_ticket");
    }

    private async Task AssertNamedAsync(string rule, string id)
    {
        var ledger = await JudgeAsync();
        Assert.False(ledger.Clean);
        Assert.Contains(ledger.Offenders, o => o.Rule == rule && o.Id == id);
    }

    private async Task<LedgerView> JudgeAsync() =>
        LedgerRules.Judge(await database.Store.VerifyAsync(100, TestContext.Current.CancellationToken));
}
