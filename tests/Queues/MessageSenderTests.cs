using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Millrace.Dispatch;
using Millrace.Lifecycle;
using Millrace.Queues;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Queues;

public sealed class MessageSenderTests : IAsyncDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly SilentServer storage = new();
    private readonly CostMeter costs = new();
    private readonly MessageSender sender;

    public MessageSenderTests() => sender = new(Options.Create(new StorageOptions { ConnectionString = storage.ConnectionString }), costs, clock);

    public async ValueTask DisposeAsync()
    {
        sender.Dispose();
        await storage.DisposeAsync();
    }

    [Fact]
    public async Task A_storage_account_that_hangs_holds_up_a_pass_once_and_not_for_each_ticket()
    {
        await using var tickets = new TicketSender(sender, Options.Create(new DispatchOptions()), clock, NullLogger<TicketSender>.Instance);
        var sending = tickets.SendAsync([.. Enumerable.Range(1, 200).Select(Ticket)], Place.Cancellation);
        await storage.UntilTakenAsync(MessageSender.MostAtOnce);
        Assert.False(sending.IsCompleted);

        clock.Advance(MessageSender.Longest);

        await sending.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Place.Cancellation);
        Assert.Equal(MessageSender.MostAtOnce, storage.Taken);
    }

    [Fact]
    public async Task After_a_send_without_an_answer_the_next_fails_at_once_and_a_moment_later_it_is_tried()
    {
        var first = SendAsync(1);
        await storage.UntilTakenAsync(1);
        clock.Advance(MessageSender.Longest);
        await Assert.ThrowsAsync<TimeoutException>(() => first);

        await Assert.ThrowsAsync<TimeoutException>(() => SendAsync(2).WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Place.Cancellation));
        Assert.Equal(1, storage.Taken);

        clock.Advance(MessageSender.Away);
        var third = SendAsync(3);

        // Not a new connection, perhaps: the first may have come into being after its request was given up.
        Assert.False(third.IsCompleted, "It is tried.");
        clock.Advance(MessageSender.Longest);
        await Assert.ThrowsAsync<TimeoutException>(() => third);
    }

    private static ClaimedTicket Ticket(int id) => new(new TicketId(id), $"q-{id}", 1, Urgent: false);

    private Task SendAsync(int id) => sender.SendTicketAsync(new(id, $"q-{id}", null), urgent: false, Place.Cancellation);
}
