using System.Text;
using Millrace.Lifecycle;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>What becomes of a task, by what its handler says.</summary>
public sealed class OutcomeTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    [Theory]
    [InlineData("""{"b": 1.0, "a": 1e400, "ü": "\ud83d\ude00 \u00e9 é", "n":  [ 1 ,2 ], "big": 12345678901234567890123456789.10}""")]
    [InlineData("-0.0")]
    [InlineData("\"\\ud800 alone\"")]
    [InlineData("\"\\u0000\"")]
    [InlineData("null")]
    public async Task A_result_comes_back_to_the_letter(string json)
    {
        pipeline.Host.Scripts[work.Queue] = context => new(TaskOutcome.SucceededWithJson(context.Data));

        var task = await work.SubmitAsync(json);

        await work.UntilFinishedAsync(task);
        Assert.Equal(json, await work.FinishedAsync<string>(task, "data::text"));
        Assert.Equal(json, await work.FinishedAsync<string>(task, "result::text"));
        Assert.Equal(1, await work.FinishedAsync<short>(task, "attempts"));
    }

    [Fact]
    public async Task A_failing_task_is_tried_again_with_back_off_and_its_history_is_kept_until_it_dies()
    {
        pipeline.Host.Scripts[work.Queue] = _ => throw new InvalidOperationException("It broke.");

        var task = await work.SubmitAsync(fields: "\"max_retries\": 3, \"retry_delay_seconds\": 0.2, \"retry_backoff\": 2");

        await work.UntilDeadAsync(task);
        Assert.Equal("exhausted", await work.DeadAsync<string>(task, "reason::text"));
        Assert.Equal(4, await work.DeadAsync<short>(task, "attempts"));
        Assert.Equal(4, await work.DeadAsync<int>(task, "jsonb_array_length(history)"));
        Assert.Equal(4, await pipeline.Place.ScalarAsync<long>("""
            SELECT count(*) FROM dead_letters, jsonb_array_elements(history) WITH ORDINALITY AS h (entry, n)
            WHERE id = $1 AND (entry ->> 'attempt')::int = n AND entry ->> 'outcome' = 'failed' AND entry ->> 'error_type' = 'InvalidOperationException'
              AND entry ->> 'error_message' = 'It broke.' AND entry ->> 'trace' LIKE '%OutcomeTests%' AND entry ->> 'trace' NOT LIKE '%AttemptRunner%' AND entry ? 'executor_id'
            """, task));

        // Between the end of one attempt and the start of the next: 0.2, 0.4, 0.8 s.
        Assert.True(await pipeline.Place.ScalarAsync<bool>("""
            SELECT bool_and(gap >= 0.19 * 2 ^ (n - 2) AND gap < 0.2 * 2 ^ (n - 2) + 5) FROM (
                SELECT n, extract(epoch FROM (entry ->> 'started_at')::timestamptz
                                             - lag((entry ->> 'ended_at')::timestamptz) OVER (ORDER BY n)) AS gap
                FROM dead_letters, jsonb_array_elements(history) WITH ORDINALITY AS h (entry, n) WHERE id = $1) AS gaps
            WHERE gap IS NOT NULL
            """, task));
        await pipeline.Place.UntilAsync("(SELECT sum((errors ->> 'scripted')::bigint) FROM executors) >= 4");
    }

    [Fact]
    public async Task An_exception_whose_own_text_throws_fails_its_attempt_like_any_other()
    {
        pipeline.Host.Scripts[work.Queue] = _ => throw new SpeechlessException();

        var task = await work.SubmitAsync(fields: "\"max_retries\": 0");

        await work.UntilDeadAsync(task);
        Assert.Equal(
            "SpeechlessException|The handler threw this exception, whose own text throws NotSupportedException.",
            await work.DeadAsync<string>(task, "(history -> 0 ->> 'error_type') || '|' || (history -> 0 ->> 'error_message')"));
    }

    [Fact]
    public async Task A_task_that_succeeds_at_last_keeps_the_history_of_its_failures()
    {
        pipeline.Host.Scripts[work.Queue] = context => context.AttemptNumber == 3
            ? new(TaskOutcome.Succeeded())
            : new(TaskOutcome.Failed("not_yet", $"Attempt {context.AttemptNumber}."));

        var task = await work.SubmitAsync(fields: "\"max_retries\": 3, \"retry_delay_seconds\": 0");

        await work.UntilFinishedAsync(task);
        Assert.Equal(3, await work.FinishedAsync<short>(task, "attempts"));
        Assert.Equal("Attempt 1.|Attempt 2.", await work.FinishedAsync<string>(task,
            "(SELECT string_agg(entry ->> 'error_message', '|' ORDER BY n) FROM jsonb_array_elements(history) WITH ORDINALITY AS h (entry, n))"));
    }

    [Fact]
    public async Task A_rejected_task_is_never_tried_again()
    {
        pipeline.Host.Scripts[work.Queue] = _ => new(TaskOutcome.Rejected("no_such_customer", "There is no customer 7."));

        var task = await work.SubmitAsync();

        await work.UntilDeadAsync(task);
        Assert.Equal("rejected", await work.DeadAsync<string>(task, "reason::text"));
        Assert.Equal(1, await work.DeadAsync<short>(task, "attempts"));
        Assert.Equal("no_such_customer", await work.DeadAsync<string>(task, "history -> 0 ->> 'error_type'"));
    }

    [Fact]
    public async Task Data_that_the_handler_cannot_read_goes_to_the_dead_letters_at_once()
    {
        var task = await work.SubmitAsync("{\"seconds\": \"soon\"}", type: "sleep");

        await work.UntilDeadAsync(task);
        Assert.Equal("unreadable", await work.DeadAsync<string>(task, "reason::text"));
        Assert.Equal("corrupted_data", await work.DeadAsync<string>(task, "history -> 0 ->> 'error_type'"));
    }

    [Fact]
    public async Task A_type_that_lost_its_handler_goes_to_the_dead_letters_at_once()
    {
        var task = await work.SubmitAsync(fields: "\"delay_seconds\": 3600");
        await pipeline.Place.ExecuteAsync("UPDATE tasks SET type = 'gone', due_at = now() WHERE id = $1", task);

        await work.UntilDeadAsync(task);
        Assert.Equal("no_handler", await work.DeadAsync<string>(task, "history -> 0 ->> 'error_type'"));
    }

    [Fact]
    public async Task A_snooze_costs_no_attempt()
    {
        var times = 0;
        pipeline.Host.Scripts[work.Queue] = context =>
        {
            Assert.Equal(1, context.AttemptNumber);
            return new(Interlocked.Increment(ref times) < 4 ? TaskOutcome.Snoozed(TimeSpan.FromMilliseconds(50)) : TaskOutcome.Succeeded());
        };

        var task = await work.SubmitAsync(fields: "\"max_retries\": 0");

        await work.UntilFinishedAsync(task);
        Assert.Equal(4, times);
        Assert.Equal(1, await work.FinishedAsync<short>(task, "attempts"));
    }

    [Fact]
    public async Task A_handler_that_snoozes_for_ever_fails_and_holds_up_nobody()
    {
        pipeline.Host.Scripts[work.Queue] = context => new(Encoding.UTF8.GetString(context.Data.Span) == "0"
            ? TaskOutcome.Snoozed(TimeSpan.MaxValue)
            : TaskOutcome.Succeeded());
        await work.UntilDeadAsync(await work.SubmitAsync("0", "\"max_retries\": 0"));

        await work.UntilFinishedAsync(await work.SubmitAsync("1"));
    }

    [Fact]
    public async Task A_handler_that_snoozes_for_a_year_holds_up_nobody()
    {
        pipeline.Host.Scripts[work.Queue] = context => new(Encoding.UTF8.GetString(context.Data.Span) == "0"
            ? TaskOutcome.Snoozed(TimeSpan.FromDays(365))
            : TaskOutcome.Succeeded());
        var sleeper = await work.SubmitAsync("0");
        await pipeline.Place.UntilAsync(
            "EXISTS (SELECT FROM tasks WHERE id = $1 AND state = 'pending' AND due_at > now() + interval '364 days')", sleeper);

        await work.UntilFinishedAsync(await work.SubmitAsync("1"));
    }

    [Fact]
    public async Task A_result_over_the_limit_fails_with_a_sentence()
    {
        var large = Encoding.UTF8.GetBytes($"\"{new string('x', 1_100_000)}\"");
        pipeline.Host.Scripts[work.Queue] = _ => new(TaskOutcome.SucceededWithJson(large));

        var task = await work.SubmitAsync(fields: "\"max_retries\": 0");

        await work.UntilDeadAsync(task);
        Assert.Equal("result_too_large", await work.DeadAsync<string>(task, "history -> 0 ->> 'error_type'"));
    }

    [Fact]
    public async Task A_result_that_PostgreSQL_refuses_harms_only_its_own_task()
    {
        var buffer = "{}"u8.ToArray();
        pipeline.Host.Scripts[work.Queue] = context =>
        {
            if (Encoding.UTF8.GetString(context.Data.Span) != "7")
            {
                return new(TaskOutcome.Succeeded());
            }

            // A handler that uses its buffer again after it has returned it.
            var outcome = TaskOutcome.SucceededWithJson(buffer);
            buffer[0] = (byte)'x';
            return new(outcome);
        };

        await work.SubmitManyAsync(20, fields: "\"max_retries\": 0");

        await work.UntilDoneAsync();
        Assert.Equal(19, await pipeline.Place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE queue_name = $1 AND attempts = 1", work.Queue));
        Assert.Equal("7", await pipeline.Place.ScalarAsync<string>("SELECT data::text FROM dead_letters WHERE queue_name = $1", work.Queue));
    }

    [Fact]
    public async Task Errors_with_characters_that_PostgreSQL_cannot_keep_are_kept_without_them()
    {
        pipeline.Host.Scripts[work.Queue] = _ => throw new InvalidOperationException("nul \0, half \ud800, " + new string('x', 5_000));

        var task = await work.SubmitAsync(fields: "\"max_retries\": 0");

        await work.UntilDeadAsync(task);
        Assert.StartsWith("nul \uFFFD, half \uFFFD, x", await work.DeadAsync<string>(task, "history -> 0 ->> 'error_message'"), StringComparison.Ordinal);
    }

    private sealed class SpeechlessException : Exception
    {
        public SpeechlessException()
        {
        }

        public SpeechlessException(string message)
            : base(message)
        {
        }

        public SpeechlessException(string message, Exception inner)
            : base(message, inner)
        {
        }

        public override string Message => throw new NotSupportedException();
    }
}
