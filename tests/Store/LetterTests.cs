using System.Text;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Store;

/// <summary>JSON comes back as the text that went in, from every place and through the API.</summary>
public sealed class LetterTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly TaskStore store = database.Store;

    public static TheoryData<string> Texts() =>
    [
        "1.0",
        "1e400",
        "-0",
        "123456789012345678901234567890123456789012345678901234567890",
        "0.1000000000000000055511151231257827021181583404541015625",
        """{"b":1,"a":2,"b":3}""",
        """{ "spaced" :  [ 1 ,2 ] }""",
        """{"nul":"\u0000","lone":"\ud800","pair":"\ud83d\ude00","slash":"\/"}""",
        """{"raw":"grüße 😀 <script>"}""",
        "null",
        "\"\"",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Data_comes_back_to_the_letter_from_every_place(string json)
    {
        var given = new Given(store);
        foreach (var transition in new Transition[]
        {
            Given.Failed(TimeSpan.FromHours(1)),
            new Transition.Finish(FinishedAs.Succeeded, Encoding.UTF8.GetBytes(json)),
            new Transition.Bury(DeathReason.Rejected, new TaskError("no", "No.")),
        })
        {
            var task = await given.SubmittedAsync(json);
            await AssertShownAsync(task, "data", json);
            await given.AppliedAsync(await given.StartedAsync(), task, transition);
            await AssertShownAsync(task, "data", json);
            if (transition is Transition.Finish)
            {
                await AssertShownAsync(task, "result", json);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Data_survives_a_retry_from_the_dead_letters_and_a_cancel(string json)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var given = new Given(store);
        var task = await given.SubmittedAsync(json);
        await given.AppliedAsync(await given.StartedAsync(), task, new Transition.Bury(DeathReason.Rejected, new TaskError("no", "No.")));

        await store.RetryDeadLettersAsync([task], Revival.Unchanged, cancellation);
        await AssertShownAsync(task, "data", json);
        await store.CancelAsync(task, cancellation);
        await AssertShownAsync(task, "data", json);
    }

    [Fact]
    public async Task A_list_shows_short_data_to_the_letter_and_names_what_it_leaves_out()
    {
        var given = new Given(store);
        await given.SubmittedAsync("""{"z":1.0,"a":1e400}""");
        var large = $"\"{string.Concat(Enumerable.Range(0, 20_000).Select(static i => (char)('a' + ((i * i) % 26))))}{Guid.CreateVersion7()}\"";
        await given.SubmittedAsync($"[{string.Join(',', Enumerable.Range(0, 400).Select(static _ => $"\"{Guid.CreateVersion7()}\""))},{large}]");

        var (_, body) = await Answers.ReadAsync(
            await new TaskInspector(store, new TaskSearch(store, TimeProvider.System)).ListAsync(Answers.Get($"?queue_name={given.Queue}"), TestContext.Current.CancellationToken));

        Assert.Contains("\"data\":{\"z\":1.0,\"a\":1e400}", body, StringComparison.Ordinal);
        Assert.Contains("\"omitted\":[\"data\"]", body, StringComparison.Ordinal);
        Assert.DoesNotContain(large, body, StringComparison.Ordinal);
    }

    private async Task AssertShownAsync(TaskId task, string field, string json)
    {
        var (status, body) = await Answers.ReadAsync(await new TaskInspector(store, new TaskSearch(store, TimeProvider.System)).GetAsync(task.ToString(), Answers.Get(string.Empty), TestContext.Current.CancellationToken));
        Assert.Equal(200, status);
        Assert.Contains($"\"{field}\":{json},", body, StringComparison.Ordinal);
    }
}
