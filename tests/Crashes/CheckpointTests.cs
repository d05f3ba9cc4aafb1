using System.Globalization;
using System.Text.RegularExpressions;
using Millrace.Lifecycle;
using Millrace.Queues;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Crashes;

/// <summary>At every numbered point a process dies between two effects; the next one makes the books add up.</summary>
public sealed partial class CheckpointTests
{
    private const int Tasks = 200;

    private static readonly string Queue = $"q-{Guid.CreateVersion7():N}";

    public static TheoryData<int> Numbers => [.. Enumerable.Range(1, 11)];

    [Fact]
    public void Every_number_in_the_code_has_its_test()
    {
        var numbers = Directory.EnumerateFiles(Path.Combine(Checkout.Root, "shared"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(static file => Passed().Matches(File.ReadAllText(file)))
            .Select(static match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

        Assert.Equal(Numbers.Select(static row => row.Data).Append(BulkKillTests.Checkpoint).Order(), numbers.Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task A_host_that_dies_there_loses_nothing_and_doubles_nothing(int number)
    {
        await using var place = await Place.NewAsync();
        await using (var first = await StartDyingAsync(place, number))
        {
            await first.UntilKilledAsync();
        }

        var tasks = await AcceptedAsync(place);
        await using var second = await HostProcess.StartAsync(place);
        await place.UntilAsync("NOT EXISTS (SELECT FROM tasks WHERE state = 'pending' AND crashes = 0 AND NOT EXISTS (SELECT FROM claim_of(queue_name, due_at, id)))", TimeSpan.FromSeconds(15));
        await place.UntilAsync("NOT EXISTS (SELECT FROM tasks)", TimeSpan.FromSeconds(60));
        await place.UntilAsync("NOT EXISTS (SELECT FROM tickets WHERE lease_until < now() - interval '10 seconds')");

        Assert.Equal(Tasks, tasks);
        await Books.AssertAllEndedAsync(place, tasks);
        Assert.Equal(tasks, await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE outcome = 'succeeded' AND crashes <= 1"));
    }

    /// <summary>Brings the host to the point, whatever that takes.</summary>
    private static async Task<HostProcess> StartDyingAsync(Place place, int number)
    {
        if (number >= 9)
        {
            await LeaveTicketAsync(place, isForPoison: number == 11);
        }

        var host = await HostProcess.StartAsync(place, number);
        if (number < 9)
        {
            try
            {
                await new Work(place, host.Client, Queue).SubmitManyAsync(Tasks, "process");
            }
            catch (HttpRequestException)
            {
                // It died before it answered.
            }
        }

        return host;
    }

    /// <summary>A ticket as a dead executor leaves it; or, with its message on the poison queue, one that nobody could start.</summary>
    private static async Task LeaveTicketAsync(Place place, bool isForPoison)
    {
        var tasks = Enumerable.Range(0, Tasks).Select(_ => new NewTask
        {
            Id = TaskId.New(TimeProvider.System),
            Type = "process",
            QueueName = Queue,
            Priority = 5,
            Retries = new RetryPolicy(3, 5, 2, 3_600),
            TimeoutSeconds = 60,
            Data = "1"u8.ToArray(),
        });
        await place.Store.SubmitAsync([.. tasks], Place.Cancellation);
        var lease = isForPoison ? TimeSpan.FromHours(1) : TimeSpan.Zero;
        var ticket = await place.Store.ClaimTicketAsync(Queue, Tasks, new DispatchLimits(16, lease), Place.Cancellation);
        if (isForPoison)
        {
            var poison = place.Queue(QueueNames.TicketsPoison);
            await poison.CreateIfNotExistsAsync(cancellationToken: Place.Cancellation);
            await poison.SendMessageAsync(
                $$"""{"ticket_id": {{ticket!.Value.Id}}, "queue_name": "{{Queue}}", "traceparent": null}""", Place.Cancellation);
        }
    }

    private static Task<long> AcceptedAsync(Place place) => place.ScalarAsync<long>("""
        SELECT (SELECT count(*) FROM tasks) + (SELECT count(*) FROM finished_tasks) + (SELECT count(*) FROM dead_letters)
        """);

    [GeneratedRegex(@"CrashCheckpoints\.Pass\((\d+)\)")]
    private static partial Regex Passed();
}
