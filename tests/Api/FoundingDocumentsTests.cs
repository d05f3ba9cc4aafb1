using System.Net;
using System.Text.Json;
using Millrace.Lifecycle;
using Millrace.Tests.Api.Founding;
using Millrace.Tests.Pipeline;
using Millrace.Tests.Support;

namespace Millrace.Tests.Api;

/// <summary>Every command of the founding documents, sent to this API as it stands there, shows what its text says.</summary>
public sealed partial class FoundingDocumentsTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    /// <summary>What must be seen, by the place of the command.</summary>
    private static readonly Dictionary<string, Func<FoundingDocumentsTests, FoundingCommand, Task>> Expectations = new()
    {
        ["000:30"] = static (test, command) => test.ShowsHowDeepQueuesAreAsync(command),
        ["000:33"] = static (test, command) => test.ComparesSubmissionsAndCompletionsAsync(command),
        ["000:37"] = static (test, command) => test.ShowsActiveWorkersAsync(command),
        ["000:41"] = static (test, command) => test.ShowsWhatHasRunForMoreThanAnHourAsync(command),
        ["000:62"] = static (test, command) => test.ListsWhatFailedAsync(command),
        ["000:67"] = static (test, command) => test.CancelsWhatHasPriorityOneAsync(command),
        ["000:89"] = static (test, command) => test.CountsFailuresAsync(command),
        ["000:92"] = static (test, command) => test.ListsWhatFailedAsync(command),
        ["000:95"] = static (test, command) => test.ShowsMessageAndTracebackAsync(command),
        ["000:99"] = static (test, command) => test.FindsByNameAndStatusAsync(command),
        ["000:113"] = static (test, command) => test.RunsItAgainAsync(command),
        ["000:155"] = static (test, command) => test.ShowsLoadBelowCapacityAsync(command),
        ["000:162"] = static (test, command) => test.ShowsLoadBelowCapacityAsync(command),
        ["000:165"] = static (test, command) => test.ListsUpToFiveThatWaitAsync(command),
        ["000:175"] = static (test, command) => test.ShowsLoadBelowCapacityAsync(command),
        ["000:178"] = static (test, command) => test.CancelsWhatRunsAsync(command),
        ["000:212"] = static (test, command) => test.ShowsThePoolAsync(command),
        ["000:673"] = static (test, command) => test.RaisesThePriorityAsync(command),
        ["004:37"] = static (test, command) => test.ListsDeadLettersAsync(command),
        ["004:40"] = static (test, command) => test.RunsItAgainAsync(command),
        ["004:159"] = static (test, command) => test.AcceptsAsync(command, "calculate", 8),
        ["004:168"] = static (test, command) => test.ShowsStatusAndRetriesAsync(command),
        ["004:177"] = static (test, command) => test.WritesEveryMetricAsync(command),
        ["004:186"] = static (test, command) => test.AcceptsAsync(command, "process", 5),
        ["004:197"] = static (test, command) => test.ListsDeadLettersAsync(command),
        ["004:200"] = static (test, command) => test.RunsItAgainAsync(command),
        ["004:203"] = static (test, command) => test.RemovesItAsync(command),
        ["004:300"] = static (test, command) => test.WritesEveryMetricAsync(command),
    };

    private readonly Place place = pipeline.Place;
    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    public static TheoryData<string> Commands =>
        [.. FoundingCommands.All.Where(static command => command.Elsewhere is null).Select(static command => command.Place)];

    [Theory]
    [MemberData(nameof(Commands))]
    public Task The_command_shows_what_its_text_says(string command) =>
        Expectations[command](this, FoundingCommands.All.Single(one => one.Place == command));

    [Fact]
    public void Only_commands_to_other_programs_are_left_out() => Assert.Equal(
        ["000:119", "001:432", "004:297"],
        FoundingCommands.All.Where(static command => !command.Text.Contains("//localhost:8000/", StringComparison.Ordinal)).Select(static command =>
        {
            Assert.NotNull(command.Elsewhere);
            return command.Place;
        }));

    [Theory]
    [InlineData("curl --compressed http://localhost:8000/tasks")]
    [InlineData("curl -X POST http://localhost:8000/tasks http://localhost:8000/tasks")]
    [InlineData("wget http://localhost:8000/tasks")]
    public void An_option_that_is_not_known_is_a_fault(string line) => Assert.Throws<FormatException>(() => CurlRequest.Parse(line));

    private async Task ShowsHowDeepQueuesAreAsync(FoundingCommand command)
    {
        await PauseAsync();
        await work.SubmitManyAsync(3);

        await UntilAsync(command, view => Named(view.GetProperty("queues"), "queue_name", work.Queue) is { } queue && Number(queue, "depth") == 3);
    }

    /// <summary>"Compare: submissions/min vs completions/min"</summary>
    private async Task ComparesSubmissionsAndCompletionsAsync(FoundingCommand command)
    {
        await work.UntilFinishedAsync(await work.SubmitAsync(type: "echo"));

        await UntilAsync(command, static view =>
            view.GetProperty("submissions_per_minute").GetDouble() > 0 && view.GetProperty("completions_per_minute").GetDouble() > 0);
    }

    /// <summary>"Expected: status="active" for most workers": of those that have work.</summary>
    private Task ShowsActiveWorkersAsync(FoundingCommand command) => WhileOneRunsAsync(_ => UntilAsync(command, static view =>
        Named(view.GetProperty("workers"), "status", "active") is not null && Number(view, "active") >= 1));

    /// <summary>"RUNNING > 1 hour"</summary>
    private Task ShowsWhatHasRunForMoreThanAnHourAsync(FoundingCommand command) => WhileOneRunsAsync(async id =>
    {
        await place.ExecuteAsync(
            """
            WITH task AS (UPDATE tasks SET due_at = now() - interval '2 hours' WHERE id = $1),
                 claim AS (UPDATE claims SET due_from = now() - interval '3 hours' WHERE $1 = ANY (task_ids) RETURNING ticket_id)
            UPDATE tickets SET started_at = now() - interval '61 minutes' WHERE id = (SELECT ticket_id FROM claim)
            """, id);

        var stuck = Assert.NotNull(Named((await AskAsync(command)).GetProperty("tasks"), "id", id.ToString()));
        Assert.Equal("running", Text(stuck, "status"));
    });

    private async Task ListsWhatFailedAsync(FoundingCommand command)
    {
        var id = await DeadAsync();

        var tasks = (await AskAsync(command)).GetProperty("tasks");
        Assert.NotNull(Named(tasks, "id", id.ToString()));
        Assert.All(tasks.EnumerateArray(), static task => Assert.Equal("failed", Text(task, "status")));
    }

    /// <summary>"Emergency: Drain non-critical tasks"</summary>
    private async Task CancelsWhatHasPriorityOneAsync(FoundingCommand command)
    {
        await work.SubmitManyAsync(20, fields: "\"delay_seconds\": 3600, \"priority\": 1");
        var kept = await work.SubmitAsync(fields: "\"delay_seconds\": 3600, \"priority\": 2");

        var action = await AskAsync(command, expected: HttpStatusCode.Accepted);

        await place.UntilAsync("NOT EXISTS (SELECT FROM tasks WHERE id = $1)", action.GetProperty("id").GetGuid());
        Assert.Equal(20, await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE queue_name = $1 AND outcome = 'cancelled'", work.Queue));
        Assert.Equal(kept, await place.ScalarAsync<Guid>("SELECT id FROM tasks WHERE queue_name = $1", work.Queue));
    }

    /// <summary>"Get failure statistics"</summary>
    private async Task CountsFailuresAsync(FoundingCommand command)
    {
        await DeadAsync();

        await UntilAsync(command, static view =>
            Number(view.GetProperty("totals"), "failed") >= 1 && view.GetProperty("totals").GetProperty("error_rate").GetDouble() > 0);
    }

    /// <summary>"Look for: error_message, traceback fields"</summary>
    private async Task ShowsMessageAndTracebackAsync(FoundingCommand command)
    {
        var task = await AskAsync(command, await DeadAsync());

        Assert.Equal("It broke.", Text(task, "error_message"));
        Assert.Contains(nameof(FoundingDocumentsTests), Text(task, "traceback"), StringComparison.Ordinal);
    }

    private async Task FindsByNameAndStatusAsync(FoundingCommand command)
    {
        await DeadAsync();
        var id = await DeadAsync();
        await place.ExecuteAsync("UPDATE dead_letters SET type = 'process_payment' WHERE id = $1", id);

        var found = Assert.Single((await AskAsync(command)).GetProperty("tasks").EnumerateArray());
        Assert.Equal((id.ToString(), "process_payment"), (Text(found, "id"), Text(found, "type")));
    }

    private async Task RunsItAgainAsync(FoundingCommand command)
    {
        var id = await DeadAsync();
        pipeline.Host.Scripts[work.Queue] = static _ => new(TaskOutcome.Succeeded());

        var task = await AskAsync(command, id, HttpStatusCode.Accepted);

        Assert.Equal((id.ToString(), 0), (Text(task, "id"), Number(task, "attempt_count")));
        await work.UntilFinishedAsync(id);
    }

    /// <summary>A task that failed for good, by a throw.</summary>
    private async Task<Guid> DeadAsync()
    {
        pipeline.Host.Scripts[work.Queue] = static _ => throw new InvalidOperationException("It broke.");
        var id = await work.SubmitAsync(fields: "\"max_retries\": 0");
        await work.UntilDeadAsync(id);
        return id;
    }

    private async Task PauseAsync() => await place.ExecuteAsync("INSERT INTO queues (name, paused) VALUES ($1, true)", work.Queue);

    private static JsonElement? Named(JsonElement list, string field, string value) =>
        list.EnumerateArray().Where(one => Text(one, field) == value).Select(static one => (JsonElement?)one).FirstOrDefault();

    private static string Text(JsonElement view, string name) => view.GetProperty(name).GetString()!;

    private static long Number(JsonElement view, string name) => view.GetProperty(name).GetInt64();
}
