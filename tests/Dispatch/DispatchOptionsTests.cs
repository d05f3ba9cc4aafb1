using Millrace.Dispatch;

namespace Millrace.Tests.Dispatch;

public sealed class DispatchOptionsTests
{
    [Theory]
    [InlineData(null, 50, 10)]
    [InlineData(0.0, 100, 5)]
    [InlineData(20.0, 100, 5)]
    [InlineData(40.0, 50, 10)]
    [InlineData(1_000.0, 2, 16)]
    [InlineData(60_000.0, 1, 16)]
    public void Short_tasks_travel_together_in_few_tickets_and_long_ones_alone_in_many(double? meanRunMs, int size, int most)
    {
        var options = new DispatchOptions();

        Assert.Equal(size, options.TicketSize(meanRunMs));
        Assert.Equal(most, options.MostTickets(meanRunMs));
    }

    [Fact]
    public void One_ticket_may_always_wait() =>
        Assert.Equal(1, new DispatchOptions { LargestTicket = 5_000, QueuedTasks = 10 }.MostTickets(0));
}
