using System.Collections;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Api.Submission;
using Millrace.Lifecycle;
using Millrace.Store.Rows;
using Millrace.Submit;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>What an array costs grows with its length, and not with the square of it.</summary>
public sealed class LargeArrayTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private const int Count = 1_000;
    private const int MostLooksAtEach = 10;

    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    [Theory]
    [InlineData(false, 207)]
    [InlineData(true, 409)]
    public async Task An_atomic_array_that_was_accepted_before_is_looked_through_a_few_times_only(bool hasMistake, int status)
    {
        var answers = pipeline.Host.Services.GetRequiredService<SubmitAnswers>();
        await answers.ManyAsync(Items(1), new FaultBudget(), false, Place.Cancellation);
        var again = new Counted(Items(hasMistake ? (byte)2 : (byte)1));

        var answer = await Answers.ReadAsync(await answers.ManyAsync(again, new FaultBudget(), true, Place.Cancellation));

        Assert.Equal(status, answer.Status);
        Assert.InRange(again.Looks, Count, MostLooksAtEach * Count);
    }

    private List<SubmittedItem> Items(byte hash) => [.. Enumerable.Range(0, Count).Select(n => new SubmittedItem(
        new NewTask
        {
            Id = TaskId.New(TimeProvider.System),
            Type = "echo",
            QueueName = work.Queue,
            Priority = 5,
            Retries = new RetryPolicy(0, 1, 1, 1),
            TimeoutSeconds = 60,
            Data = "null"u8.ToArray(),
            Keys = [new IdempotencyKey(IdempotencyKey.External, $"{work.Queue}-{n}", [hash])],
        },
        null))];

    /// <summary>Counts how often an item is looked at.</summary>
    private sealed class Counted(List<SubmittedItem> items) : IReadOnlyList<SubmittedItem>
    {
        internal int Looks { get; private set; }

        public int Count => items.Count;

        public SubmittedItem this[int index]
        {
            get
            {
                Looks++;
                return items[index];
            }
        }

        public IEnumerator<SubmittedItem> GetEnumerator()
        {
            foreach (var item in items)
            {
                Looks++;
                yield return item;
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
