using System.Security.Cryptography;
using Millrace.Lifecycle;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Store;

/// <summary>Keys of submissions, under races and in knots.</summary>
public sealed class KeyTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly Given given = new(database.Store);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submitters_that_race_for_the_same_keys_in_any_order_accept_each_once()
    {
        const int keys = 40;
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(racer => Task.Run(() =>
        {
            NewTask[] tasks = [.. Enumerable.Range(0, keys).Select(n => Keyed($"k{n}"))];
            RandomNumberGenerator.Shuffle(tasks.AsSpan());
            return racer % 2 == 0
                ? database.Store.SubmitAsync(tasks, Cancellation)
                : database.Store.SubmitAllOrNoneAsync(tasks, Cancellation);
        })));

        Assert.Equal(7 * keys, answers.Sum(static answer => answer.Clashes?.Count ?? 0));
        Assert.All(answers.SelectMany(static answer => answer.Clashes?.Values ?? []), static clash => Assert.True(clash.IsSame));
        Assert.Equal((keys, keys), (await TasksAsync(), await KeysAsync()));
    }

    [Fact]
    public async Task A_knot_of_keys_is_undone_whatever_its_length()
    {
        // Each odd one is refused for the key that the one before takes, and so frees the next one's: a round for each pair.
        var tasks = Enumerable.Range(0, 41).Select(n => n % 2 == 0 ? Keyed($"k{n}") : Keyed($"k{n - 1}", $"k{n + 1}")).ToList();
        var answer = await database.Store.SubmitAsync(tasks, Cancellation);

        Assert.Equal(20, answer.Clashes!.Count);
        Assert.Equal((21, 21), (await TasksAsync(), await KeysAsync()));
    }

    [Fact]
    public async Task All_or_none_leaves_neither_tasks_nor_keys()
    {
        await database.Store.SubmitAsync([Keyed("a")], Cancellation);
        var answer = await database.Store.SubmitAllOrNoneAsync([Keyed("b"), Keyed("a") with { Keys = [new(Scope, "a", [9])] }, Keyed("c")], Cancellation);

        Assert.True(answer.HasMistake);
        Assert.Equal((1, 1), (await TasksAsync(), await KeysAsync()));
    }

    [Fact]
    public async Task Old_keys_of_tasks_that_have_ended_are_forgotten_in_chunks_and_the_others_are_not()
    {
        var done = new Given(database.Store);
        await done.SubmittedAsync(task => task with { Keys = [new(Scope, "d1", [1]), new(Scope, "d2", [1]), new(Scope, "d3", [1])] });
        var ticket = await done.StartedAsync();
        var held = Assert.Single(await database.Store.HeldTasksAsync(ticket, Cancellation));
        await done.AppliedAsync(ticket, held.Id, new Transition.Finish(FinishedAs.Cancelled, default));
        await database.Store.SubmitAsync([Keyed("live")], Cancellation);
        await database.ExecuteAsync("UPDATE idempotency_keys SET created_at = now() - interval '3 hours' WHERE scope = $1 AND key <> 'd3'", Scope);

        Assert.Equal(1, await database.Store.ForgetKeysAsync(2, 1, Cancellation));
        Assert.Equal(1, await database.Store.ForgetKeysAsync(2, 10, Cancellation));
        Assert.Equal(0, await database.Store.ForgetKeysAsync(2, 10, Cancellation));
        Assert.Equal("d3 live", await database.ScalarAsync<string>("SELECT string_agg(key, ' ' ORDER BY key) FROM idempotency_keys WHERE scope = $1", Scope));
    }

    /// <summary>Of this test alone.</summary>
    private string Scope => given.Queue;

    private NewTask Keyed(params string[] keys) => given.NewTask() with { Keys = [.. keys.Select(key => new IdempotencyKey(Scope, key, [1]))] };

    private Task<long> TasksAsync() => database.ScalarAsync<long>("SELECT count(*) FROM tasks WHERE queue_name = $1", given.Queue);

    private Task<long> KeysAsync() => database.ScalarAsync<long>(
        "SELECT count(*) FROM idempotency_keys i JOIN tasks t ON t.id = i.task_id WHERE i.scope = $1", Scope);
}
