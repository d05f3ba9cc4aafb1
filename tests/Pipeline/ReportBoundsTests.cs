using Microsoft.Extensions.Logging;
using Millrace.Lifecycle;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>However much a handler says of its work, a bounded part is kept, and what is not kept is said.</summary>
public sealed class ReportBoundsTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    [Fact]
    public async Task A_progress_message_of_thirty_megabytes_is_cut_and_says_by_how_much()
    {
        var message = new string('m', 30_000_000);
        pipeline.Host.Scripts[work.Queue] = context =>
        {
            context.Progress(50, message);
            return new(TaskOutcome.Succeeded());
        };
        var task = await work.SubmitAsync();
        await work.UntilFinishedAsync(task);

        var kept = await work.FinishedAsync<string>(task, "progress ->> 'message'");
        Assert.InRange(kept.Length, 3_900, 4_000);
        Assert.EndsWith("m… (29,996,040 more characters)", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_beyond_the_thousandth_are_counted_and_said_in_a_last_line()
    {
        pipeline.Host.Scripts[work.Queue] = context =>
        {
            for (var line = 0; line < 1_234; line++)
            {
                context.Log(LogLevel.Information, $"line {line}");
            }

            return new(TaskOutcome.Succeeded());
        };
        var task = await work.SubmitAsync();
        await work.UntilFinishedAsync(task);

        Assert.Equal(1_001, await pipeline.Place.ScalarAsync<long>("SELECT count(*) FROM task_logs WHERE task_id = $1", task));
        Assert.Equal(
            "and 234 more lines were not kept",
            await pipeline.Place.ScalarAsync<string>("SELECT message FROM task_logs WHERE task_id = $1 ORDER BY seq DESC LIMIT 1", task));
    }

    [Fact]
    public async Task A_thousand_lines_are_kept_without_a_word()
    {
        pipeline.Host.Scripts[work.Queue] = context =>
        {
            for (var line = 0; line < 1_000; line++)
            {
                context.Log(LogLevel.Information, $"line {line}");
            }

            return new(TaskOutcome.Succeeded());
        };
        var task = await work.SubmitAsync();
        await work.UntilFinishedAsync(task);

        Assert.Equal(1_000, await pipeline.Place.ScalarAsync<long>("SELECT count(*) FROM task_logs WHERE task_id = $1", task));
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_cut_and_says_by_how_much()
    {
        pipeline.Host.Scripts[work.Queue] = context =>
        {
            context.Log(LogLevel.Information, new string('l', 100_000));
            return new(TaskOutcome.Succeeded());
        };
        var task = await work.SubmitAsync();
        await work.UntilFinishedAsync(task);

        var kept = await pipeline.Place.ScalarAsync<string>("SELECT message FROM task_logs WHERE task_id = $1", task);
        Assert.InRange(kept.Length, 1_900, 2_000);
        Assert.EndsWith("l… (98,040 more characters)", kept, StringComparison.Ordinal);
    }
}
