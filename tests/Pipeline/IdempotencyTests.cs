using System.Net;
using System.Text;
using System.Text.Json;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>A submission under a key is accepted once, however often and in however many forms it is sent.</summary>
public sealed class IdempotencyTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private const string Tasks = "api/v1/tasks";
    private const string Bulk = "api/v1/tasks/bulk";

    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    private string Key { get; } = $"key {Guid.CreateVersion7():N}";

    [Fact]
    public async Task The_same_key_is_answered_with_the_first_task()
    {
        var first = await SendAsync(Body("1"), Key);
        var again = await SendAsync(Body("1"), $"\"{Key}\"");

        Assert.Equal((HttpStatusCode.Accepted, false), (first.Status, first.IsReplayed));
        Assert.Equal((HttpStatusCode.OK, true), (again.Status, again.IsReplayed));
        Assert.Equal((first.Id, $"/api/v1/tasks/{first.Id}"), (again.Id, again.Location));
        Assert.Equal(1, await AcceptedAsync());
    }

    [Fact]
    public async Task Thirty_two_at_once_are_one_task()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => SendAsync(Body("1"), Key)));

        Assert.Single(answers, static answer => answer.Status == HttpStatusCode.Accepted);
        Assert.Equal(31, answers.Count(static answer => answer.Status == HttpStatusCode.OK && answer.IsReplayed));
        Assert.Single(answers.Select(static answer => answer.Id).Distinct());
        Assert.Equal(1, await AcceptedAsync());
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_a_conflict()
    {
        var first = await SendAsync(Body("1"), Key);
        var other = await SendAsync(Body("2"), Key);

        Assert.Equal((HttpStatusCode.Conflict, "urn:millrace:problem:key-reused"), (other.Status, other.Slug));
        Assert.Contains(first.Id.ToString(), other.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, await AcceptedAsync());
    }

    [Fact]
    public async Task Order_and_white_space_of_the_JSON_do_not_matter_and_values_do()
    {
        await SendAsync($$$"""{"type": "process", "queue_name": "{{{work.Queue}}}", "data": {"a": 1, "b": [1, 2]}}""", Key);
        var same = await SendAsync($$$"""{"data":{"b":[1,2],"a":1},  "queue_name":"{{{work.Queue}}}","type":"process"}""", Key);
        var other = await SendAsync($$$"""{"data":{"b":[2,1],"a":1},  "queue_name":"{{{work.Queue}}}","type":"process"}""", Key);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict), (same.Status, other.Status));
    }

    [Fact]
    public async Task An_external_id_is_a_key_too()
    {
        var first = await SendAsync(Body("1", Key));
        var again = await SendAsync(Body("1", Key));
        var other = await SendAsync(Body("2", Key));

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.OK, HttpStatusCode.Conflict), (first.Status, again.Status, other.Status));
        Assert.Equal((first.Id, Key), (again.Id, again.Body.GetProperty("external_id").GetString()));
    }

    [Fact]
    public async Task Header_and_external_id_of_two_different_tasks_are_a_conflict_and_leave_nothing()
    {
        await SendAsync(Body("1"), Key);
        await SendAsync(Body("2", Key));
        var both = await SendAsync(Body("3", Key), Key);
        var half = await SendAsync(Body("4", Key + "x"), Key);
        var free = await SendAsync(Body("5", Key + "x"));

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (both.Status, half.Status));
        Assert.Equal(HttpStatusCode.Accepted, free.Status);
        Assert.Equal(3, await AcceptedAsync());
    }

    [Fact]
    public async Task An_array_under_a_key_may_be_sent_again()
    {
        var array = $"[{Body("1")}, {Body("2")}, {{\"type\": \"no_such\"}}]";
        var first = await SendAsync(array, Key);
        var again = await SendAsync(array, Key);
        var single = await SendAsync(Body("9"), Key + "#0");

        Assert.Equal(("202 202 400", "200 200 400"), (first.Statuses, again.Statuses));
        Assert.Equal((0, 2, 1), again.Counts);
        Assert.Equal(HttpStatusCode.Accepted, single.Status);
        Assert.Equal(3, await AcceptedAsync());
    }

    [Fact]
    public async Task Items_of_an_array_that_share_an_external_id_are_one_task()
    {
        var answer = await SendAsync($"[{Body("1", Key)}, {Body("1", Key)}, {Body("2", Key)}]");

        Assert.Equal("202 200 409", answer.Statuses);
        Assert.Equal(1, await AcceptedAsync());
    }

    [Fact]
    public async Task An_atomic_array_with_a_key_of_another_submission_is_refused_whole()
    {
        await SendAsync(Body("1", Key));
        var refused = await SendAsync($"[{Body("7", Key + "n")}, {Body("2", Key)}]", url: Tasks + "?atomic=true");
        var free = await SendAsync($"[{Body("1", Key)}, {Body("8", Key + "n")}]", url: Tasks + "?atomic=true");

        Assert.Equal((HttpStatusCode.Conflict, "urn:millrace:problem:key-reused"), (refused.Status, refused.Slug));
        Assert.Equal("[1].key", refused.Body.GetProperty("errors").EnumerateObject().Single().Name);
        Assert.Equal((HttpStatusCode.MultiStatus, "200 202"), (free.Status, free.Statuses));
        Assert.Equal(2, await AcceptedAsync());
    }

    [Fact]
    public async Task An_atomic_array_whose_items_quarrel_about_a_key_is_refused_whole()
    {
        var refused = await SendAsync($"[{Body("1", Key)}, {Body("2", Key)}]", url: Tasks + "?atomic=true");
        var free = await SendAsync($"[{Body("1", Key)}, {Body("1", Key)}]", url: Tasks + "?atomic=true");

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("item [0]", refused.Body.GetProperty("errors").GetProperty("[1].key")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("202 200", free.Statuses);
        Assert.Equal(1, await AcceptedAsync());
    }

    [Fact]
    public async Task A_stream_under_a_key_is_completed_when_it_is_sent_again()
    {
        var lines = Enumerable.Range(0, 5_000).Select(n => Body($"{n}")).ToArray();
        var part = await SendAsync(string.Join('\n', lines.Take(3_000)), Key, Bulk);
        var whole = await SendAsync(string.Join('\n', lines), Key, Bulk);
        var again = await SendAsync(string.Join('\n', lines), Key, Bulk);

        Assert.Equal((3_000, 0, 0), part.StreamCounts);
        Assert.Equal((2_000, 3_000, 0), whole.StreamCounts);
        Assert.Equal((0, 5_000, 0), again.StreamCounts);
        Assert.Equal(5_000, await AcceptedAsync());
    }

    [Fact]
    public async Task A_line_whose_key_has_another_task_is_refused_by_its_number()
    {
        await SendAsync(Body("1", Key));
        var answer = await SendAsync($"{Body("5")}\n{Body("1", Key)}\n{Body("2", Key)}", url: Bulk);

        Assert.Equal((1, 1, 1), answer.StreamCounts);
        var refused = answer.Body.GetProperty("refused")[0];
        Assert.Equal((3, true), (refused.GetProperty("line").GetInt32(), refused.GetProperty("errors").TryGetProperty("key", out _)));
    }

    [Fact]
    public async Task A_dead_letter_that_is_deleted_frees_its_key()
    {
        var body = $$$"""{"type": "fail", "queue_name": "{{{work.Queue}}}", "data": {"permanent": true}}""";
        var first = await SendAsync(body, Key);
        await work.UntilDeadAsync(first.Id);
        var known = await SendAsync(body, Key);
        using var deleted = await pipeline.Host.Client.DeleteAsync($"dlq/failed-tasks/{first.Id}", Place.Cancellation);
        var anew = await SendAsync(body, Key);

        Assert.Equal((first.Id, "failed"), (known.Id, known.Body.GetProperty("status").GetString()));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.Accepted), (deleted.StatusCode, anew.Status));
        Assert.NotEqual(first.Id, anew.Id);
    }

    [Fact]
    public async Task A_key_that_outlives_its_task_says_that_the_task_is_gone()
    {
        var first = await SendAsync(Body("1"), Key);
        await work.UntilFinishedAsync(first.Id);
        await pipeline.Place.ExecuteAsync("DELETE FROM finished_tasks WHERE id = $1", first.Id);
        var again = await SendAsync(Body("1"), Key);

        Assert.Equal((HttpStatusCode.Conflict, "urn:millrace:problem:original-gone"), (again.Status, again.Slug));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("tab\there")]
    public async Task A_key_that_is_none_is_refused_by_the_name_of_its_header(string key)
    {
        var answer = await SendAsync(Body("1"), key);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.True(answer.Body.GetProperty("errors").TryGetProperty("Idempotency-Key", out _));
    }

    [Fact]
    public async Task A_key_that_another_transaction_is_about_to_write_holds_up_neither_tasks_without_keys_nor_one_with_another()
    {
        await using var connection = await pipeline.Place.Source.OpenConnectionAsync(Place.Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Place.Cancellation);
        await using var take = connection.CreateCommand();
        take.CommandText = "INSERT INTO idempotency_keys (scope, key, task_id, request_hash) VALUES ('external', $1, uuidv7(), '')";
        take.Parameters.Add(new() { Value = Key });
        await take.ExecuteNonQueryAsync(Place.Cancellation);
        var waits = SendAsync(Body("1", Key));
        await pipeline.Place.UntilAsync(
            "EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%idempotency_keys%')");

        foreach (var free in new[] { SendAsync(Body("2")), SendAsync(Body("3")), SendAsync(Body("4", Key + "x")) })
        {
            Assert.Equal(HttpStatusCode.Accepted, (await free.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Place.Cancellation)).Status);
        }

        Assert.False(waits.IsCompleted);
        await transaction.RollbackAsync(Place.Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, (await waits).Status);
    }

    private string Body(string data, string? externalId = null) =>
        $$"""{"type": "process", "queue_name": "{{work.Queue}}", "data": {{data}}{{(externalId is null ? "" : $", \"external_id\": \"{externalId}\"")}}}""";

    private Task<long> AcceptedAsync() => pipeline.Place.ScalarAsync<long>("""
        SELECT (SELECT count(*) FROM tasks WHERE queue_name = $1) + (SELECT count(*) FROM finished_tasks WHERE queue_name = $1)
        """, work.Queue);

    private async Task<Answer> SendAsync(string body, string? key = null, string url = Tasks)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = new StringContent(body, Encoding.UTF8, url == Bulk ? "application/x-ndjson" : "application/json");
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        using var answer = await pipeline.Host.Client.SendAsync(request, Place.Cancellation);
        return new Answer(
            answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Place.Cancellation)),
            answer.Headers.Contains("Idempotent-Replayed"), answer.Headers.Location?.ToString());
    }

    private sealed record Answer(HttpStatusCode Status, JsonElement Body, bool IsReplayed, string? Location)
    {
        internal Guid Id => Body.GetProperty("id").GetGuid();

        internal string? Slug => Body.GetProperty("type").GetString();

        internal string Statuses => string.Join(' ', Body.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("status").GetInt32()));

        internal (int Accepted, int Duplicates, int Refused) Counts => (Count("accepted"), Count("duplicates"), Count("refused"));

        internal (int Accepted, int Duplicates, int Refused) StreamCounts => (Count("accepted"), Count("duplicates"), Count("refused_count"));

        private int Count(string name) => Body.GetProperty(name).GetInt32();
    }
}
