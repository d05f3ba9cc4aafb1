using Microsoft.Extensions.Time.Testing;
using Millrace.Execute;

namespace Millrace.Tests.Execute;

/// <summary>An executor trusts its ticket for no longer than PostgreSQL does.</summary>
public sealed class TicketLeaseTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void A_process_that_sleeps_between_the_statement_and_its_answer_has_no_more_of_the_lease()
    {
        var before = TicketLease.Now(clock);
        clock.Advance(TimeSpan.FromSeconds(9));
        var lease = new TicketLease(TimeSpan.FromSeconds(10), before, clock);
        Assert.False(lease.IsOver);

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(lease.IsOver);
    }

    [Fact]
    public void A_renewal_counts_from_before_its_statement_and_an_older_one_counts_nothing()
    {
        var first = TicketLease.Now(clock);
        var lease = new TicketLease(TimeSpan.FromSeconds(10), first, clock);
        clock.Advance(TimeSpan.FromSeconds(5));
        var before = TicketLease.Now(clock);
        clock.Advance(TimeSpan.FromSeconds(4));
        lease.Renew(before);
        lease.Renew(first);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False(lease.IsOver);

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(lease.IsOver);
    }
}
