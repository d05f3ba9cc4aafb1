using Microsoft.Extensions.Time.Testing;
using Millrace.Store;
using Npgsql;

namespace Millrace.Tests.Store;

/// <summary>Who could write nothing does not take others for dead: they could not renew their leases either.</summary>
public sealed class StoreSessionsTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider clock = new();

    [Theory]
    [InlineData(PostgresErrorCodes.ReadOnlySqlTransaction)]
    [InlineData(PostgresErrorCodes.DiskFull)]
    [InlineData(PostgresErrorCodes.CannotConnectNow)]
    public void What_is_refused_to_everybody_is_an_outage_until_some_time_after_the_last_refusal(string state)
    {
        var sessions = new StoreSessions(clock);
        clock.Advance(Grace);
        Assert.False(sessions.WasAwayWithin(Grace));

        sessions.Saw(Refused(state));
        clock.Advance(Grace - TimeSpan.FromSeconds(1));
        Assert.True(sessions.WasAwayWithin(Grace));

        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(sessions.WasAwayWithin(Grace));
    }

    [Theory]
    [InlineData(PostgresErrorCodes.UniqueViolation, 5)]
    [InlineData(PostgresErrorCodes.AdminShutdown, 5)]
    [InlineData(PostgresErrorCodes.TooManyConnections, 5)]
    [InlineData(PostgresErrorCodes.QueryCanceled, 2)]
    public void What_concerns_one_statement_or_session_is_none(string state, int times)
    {
        var sessions = new StoreSessions(clock);
        for (var n = 0; n < times; n++)
        {
            sessions.Saw(Refused(state));
        }

        Assert.False(sessions.WasAwayWithin(Grace));
    }

    [Theory]
    [InlineData(PostgresErrorCodes.TooManyConnections)]
    [InlineData(PostgresErrorCodes.InsufficientPrivilege)]
    [InlineData(PostgresErrorCodes.UndefinedTable)]
    public void What_everybody_is_told_for_a_while_is_an_outage(string state)
    {
        var sessions = new StoreSessions(clock);
        for (var second = 0; second < 3; second++)
        {
            sessions.Saw(Refused(state));
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(sessions.WasAwayWithin(Grace));
    }

    [Fact]
    public void What_some_are_told_while_others_are_answered_is_none()
    {
        var sessions = new StoreSessions(clock);
        for (var second = 0; second < 5; second++)
        {
            sessions.Saw(Refused(PostgresErrorCodes.TooManyConnections));
            clock.Advance(TimeSpan.FromSeconds(1));
            sessions.Answered();
        }

        Assert.False(sessions.WasAwayWithin(Grace));
    }

    [Fact]
    public void Statements_that_are_broken_off_one_after_another_are_an_outage_if_nothing_was_answered_meanwhile()
    {
        var sessions = new StoreSessions(clock);
        BreakOff(sessions, 3, static _ => { });
        Assert.True(sessions.WasAwayWithin(Grace));
    }

    [Fact]
    public void Statements_that_somebody_cancels_among_others_are_none()
    {
        var sessions = new StoreSessions(clock);
        BreakOff(sessions, 20, static one => one.Answered());
        Assert.False(sessions.WasAwayWithin(Grace));
    }

    [Fact]
    public void Statements_that_are_broken_off_now_and_then_are_none()
    {
        var sessions = new StoreSessions(clock);
        BreakOff(sessions, 5, _ => clock.Advance(TimeSpan.FromSeconds(6)));
        Assert.False(sessions.WasAwayWithin(Grace));
    }

    [Fact]
    public void Who_gives_up_a_lock_by_itself_may_do_so_again_and_again()
    {
        var sessions = new StoreSessions(clock);
        for (var n = 0; n < 20; n++)
        {
            sessions.Saw(Refused(PostgresErrorCodes.LockNotAvailable), mayBeImpatient: true);
        }

        Assert.False(sessions.WasAwayWithin(Grace));
    }

    [Theory]
    [InlineData(1.9, false)]
    [InlineData(2.1, true)]
    public void A_server_that_is_not_reached_is_an_outage_some_time_after_the_first_failure(double seconds, bool isOutage)
    {
        var sessions = new StoreSessions(clock);

        // Who asks seldom has had no answer for long when the first connection breaks.
        clock.Advance(Grace);
        sessions.Saw(new NpgsqlException("Exception while reading from stream"));
        Assert.False(sessions.WasAwayWithin(Grace));

        clock.Advance(TimeSpan.FromSeconds(seconds));
        sessions.Saw(new NpgsqlException("Failed to connect"));
        Assert.Equal(isOutage, sessions.WasAwayWithin(Grace));
    }

    [Fact]
    public void A_statement_that_has_waited_in_vain_is_an_outage_at_once()
    {
        var sessions = new StoreSessions(clock);
        clock.Advance(TimeSpan.FromSeconds(3));
        sessions.Saw(new NpgsqlException("Exception while reading from stream", new TimeoutException()));
        Assert.True(sessions.WasAwayWithin(Grace));
    }

    [Fact]
    public void Failures_with_answers_between_them_are_none()
    {
        var sessions = new StoreSessions(clock);
        for (var n = 0; n < 5; n++)
        {
            sessions.Saw(new NpgsqlException("Exception while reading from stream"));
            clock.Advance(TimeSpan.FromSeconds(3));
            sessions.Answered();
        }

        Assert.False(sessions.WasAwayWithin(Grace));
    }

    private void BreakOff(StoreSessions sessions, int times, Action<StoreSessions> between)
    {
        for (var n = 0; n < times; n++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
            sessions.Saw(Refused(PostgresErrorCodes.QueryCanceled));
            between(sessions);
        }
    }

    private static PostgresException Refused(string state) => new("Refused.", "ERROR", "ERROR", state);
}
