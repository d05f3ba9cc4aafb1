using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Inspect;

/// <summary>Whatever is looked for, in steps of whatever size: the pages together are what a look at every task finds, in order, none twice.</summary>
public sealed class SearchPropertyTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Tasks = 90;
    private const int Searches = 40;

    private static readonly string[] Types = ["greet", "bill", "o'brien\"; DROP TABLE tasks; --", "%_\\"];
    private static readonly string[] Values = ["1", "1.0", "true", "null", "\"1\"", "\"\\u00e9\"", "\"a'b\"", "[1]", "{\"x\":1}"];

    private readonly TaskStore store = database.Store;
    private readonly List<Made> made = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_pages_of_a_search_are_what_a_look_at_every_task_finds()
    {
        for (var n = 0; n < Tasks; n++)
        {
            made.Add(await MakeAsync());
        }

        await SpreadOverPartitionsAsync();
        for (var n = 0; n < Searches; n++)
        {
            var (filter, matches) = Looked();
            var expected = made.Where(matches).Select(static m => m.Id).OrderDescending().ToList();
            TestContext.Current.TestOutputHelper?.WriteLine(filter.ToString());
            Assert.Equal(expected, await PagesAsync(filter));
            Assert.Equal(expected, await IdPagesAsync(filter));
        }
    }

    private async Task<Made> MakeAsync()
    {
        TaskState[] states = [TaskState.Scheduled, TaskState.Pending, TaskState.Running, TaskState.Retrying, TaskState.Succeeded, TaskState.Failed, TaskState.Cancelled];
        var one = new Made(default, Pick(states), Pick(Types), $"s-{RandomNumberGenerator.GetInt32(3)}", (short)RandomNumberGenerator.GetInt32(1, 4), Pick(Values), RandomNumberGenerator.GetInt32(2) == 0 ? null : "t,\"1\"");

        // Each in a queue of its own, which is renamed when it is where it belongs.
        var given = new Given(store);
        var id = await given.SubmittedAsync(task => task with
        {
            Type = one.Type,
            Priority = one.Priority,
            Data = Encoding.UTF8.GetBytes($$"""{"a": {"b.c": 5, "b": {{one.Value}} }, "\u0000": 1}"""),
            Tags = one.Tag is null ? null : [one.Tag, "x"],
            DelaySeconds = one.State == TaskState.Scheduled ? 3_600 : 0,
        });
        if (one.State is not (TaskState.Scheduled or TaskState.Pending))
        {
            var ticket = await given.StartedAsync();
            if (End(one.State) is { } end)
            {
                Assert.Empty(await given.AppliedAsync(ticket, id, end));
            }
        }

        foreach (var table in new[] { "tasks", "finished_tasks", "dead_letters" })
        {
            await database.ExecuteAsync($"UPDATE {table} SET queue_name = $2 WHERE id = $1", id.Value, one.Queue);
            await database.ExecuteAsync("INSERT INTO queues (name) VALUES ($1) ON CONFLICT DO NOTHING", one.Queue);
        }

        await database.ExecuteAsync("UPDATE claims SET queue_name = $2 WHERE queue_name = $1", given.Queue, one.Queue);
        await database.ExecuteAsync("UPDATE tickets SET queue_name = $2 WHERE queue_name = $1", given.Queue, one.Queue);

        return one with { Id = id.Value };
    }

    private static Transition? End(TaskState state) => state switch
    {
        TaskState.Retrying => Given.Failed(TimeSpan.FromHours(1)),
        TaskState.Succeeded => new Transition.Finish(FinishedAs.Succeeded, default),
        TaskState.Cancelled => new Transition.Finish(FinishedAs.Cancelled, default),
        TaskState.Failed => new Transition.Bury(DeathReason.Rejected, new TaskError("broken", "It broke: 100%_'\\.")),
        _ => null,
    };

    private Task<int> SpreadOverPartitionsAsync() => database.ExecuteAsync(
        "UPDATE finished_tasks SET finished_at = finished_at + make_interval(days => (('x' || right(id::text, 2))::bit(8)::integer % 9) - 4)");

    private (TaskFilter Filter, Func<Made, bool> Matches) Looked()
    {
        var filter = new TaskFilter { Limit = 1 };
        List<Func<Made, bool>> all = [];
        Maybe(Pick([.. made.Select(static m => m.State)]), value => (filter with { State = value }, m => m.State == value));
        Maybe(Pick(Types), value => (filter with { Type = value }, m => m.Type == value));
        Maybe($"s-{RandomNumberGenerator.GetInt32(4)}", value => (filter with { QueueName = value }, m => m.Queue == value));
        Maybe((short)RandomNumberGenerator.GetInt32(1, 4), value => (filter with { Priority = value }, m => m.Priority == value));
        Maybe("t,\"1\"", value => (filter with { Tag = value }, m => m.Tag == value));
        Maybe("00%_'\\", value => (filter with { Text = value }, static m => m.State == TaskState.Failed));
        Maybe("b_", value => (filter with { Text = value }, static _ => false));
        Maybe("true", value => (filter with { Data = [new DataPath(["a", "b"], value)] }, m => m.Value == "true"));
        Maybe("1", value => (filter with { Data = [new DataPath(["a", "b"], value)] }, static m => m.Value is "1" or "\"1\""));
        Maybe("1.0", value => (filter with { Data = [new DataPath(["a", "b"], value)] }, static m => m.Value == "1.0"));
        Maybe("é", value => (filter with { Data = [new DataPath(["a", "b"], value)] }, static m => m.Value == "\"\\u00e9\""));
        Maybe("a'b", value => (filter with { Data = [new DataPath(["a", "b"], value)] }, static m => m.Value == "\"a'b\""));
        Maybe("1", value => (filter with { Data = [new DataPath(["a", "b", "0"], value)] }, static m => m.Value == "[1]"));
        Maybe("5", value => (filter with { Data = [new DataPath(["a", "b.c"], value)] }, static _ => true));
        Maybe("null", value => (filter with { Data = [new DataPath(["a", "b"], value)] }, static _ => false));
        Maybe<IReadOnlyList<TaskPlace>>([Pick(Enum.GetValues<TaskPlace>()), Pick(Enum.GetValues<TaskPlace>())], value => (filter with { Places = value }, m => value.Contains(m.Place)));
        Maybe(made[RandomNumberGenerator.GetInt32(made.Count)].Id, value => (filter with { Before = new TaskId(value) }, m => m.Id.CompareTo(value) < 0));
        return (filter, m => all.TrueForAll(one => one(m)));

        void Maybe<T>(T value, Func<T, (TaskFilter, Func<Made, bool>)> narrow)
        {
            // A value of the data is looked for once: each would replace the other.
            if (RandomNumberGenerator.GetInt32(6) == 0)
            {
                var (narrowed, matches) = narrow(value);
                if ((filter.Data.Count == 0 || ReferenceEquals(narrowed.Data, filter.Data)) && (filter.Text is null || narrowed.Text == filter.Text))
                {
                    filter = narrowed;
                    all.Add(matches);
                }
            }
        }
    }

    private async Task<List<Guid>> PagesAsync(TaskFilter filter)
    {
        List<Guid> found = [];
        while (true)
        {
            var limit = RandomNumberGenerator.GetInt32(1, 25);
            var step = await store.SearchAsync(filter with { Limit = limit }, RandomNumberGenerator.GetInt32(1, 25), Cancellation);
            found.AddRange(step.Tasks.Select(static task => task.Id.Value));
            if ((step.Tasks.Count == limit ? step.Tasks[^1].Id : step.Floor) is not { } before)
            {
                return found;
            }

            filter = filter with { Before = before };
        }
    }

    private async Task<List<Guid>> IdPagesAsync(TaskFilter filter)
    {
        List<Guid> found = [];
        while (true)
        {
            var limit = RandomNumberGenerator.GetInt32(1, 25);
            var (ids, floor) = await store.SearchIdsAsync(filter with { Limit = limit }, RandomNumberGenerator.GetInt32(1, 25), Cancellation);
            found.AddRange(ids.Select(static id => id.Value));
            if ((ids.Count == limit ? ids[^1] : floor) is not { } before)
            {
                return found;
            }

            filter = filter with { Before = before };
        }
    }

    private static T Pick<T>(T[] from) => from[RandomNumberGenerator.GetInt32(from.Length)];

    private sealed record Made(Guid Id, TaskState State, string Type, string Queue, short Priority, string Value, string? Tag)
    {
        internal TaskPlace Place => State switch
        {
            TaskState.Succeeded or TaskState.Cancelled => TaskPlace.Finished,
            TaskState.Failed => TaskPlace.Dead,
            _ => TaskPlace.Live,
        };

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id} {State} {Type} {Queue} {Priority} {Value} {Tag}");
    }
}
