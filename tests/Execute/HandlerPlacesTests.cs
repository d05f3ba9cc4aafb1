using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Millrace.Execute;
using Millrace.Tests.Support;

namespace Millrace.Tests.Execute;

public sealed class HandlerPlacesTests
{
    [Fact]
    public void Places_that_were_all_taken_for_a_moment_were_not_free()
    {
        var places = new HandlerPlaces(Attempts.Places(100), "test", 2);
        Assert.False(places.WereFree);

        Assert.True(places.TryTake());
        places.Look();
        Assert.True(places.WereFree);

        Assert.True(places.TryTake());
        Assert.Equal(0, places.Free);
        Assert.False(places.WereFree, "At once: what was taken last may run for long, and the next look is when it has ended.");
        Assert.False(places.TryTake());
        places.Leave();
        places.Look();
        Assert.False(places.WereFree);

        places.Look();
        Assert.True(places.WereFree);
    }

    [Fact]
    public void A_process_whose_places_are_all_held_for_long_has_none_for_a_queue_that_holds_none()
    {
        var clock = new FakeTimeProvider();
        var process = new ProcessPlaces(Options.Create(new ExecuteOptions { Concurrency = 2 }), clock);
        Assert.True(process.TryTake("one"));
        Assert.True(process.TryTake("two"));
        clock.Advance(ProcessPlaces.LongTurn);
        Assert.True(process.AreStuckForOthers);

        process.Leave("one");
        Assert.False(process.AreStuckForOthers);
        Assert.True(process.TryTake("three"));
        Assert.False(process.AreStuckForOthers, "One was left a moment ago: handlers end here, and the next place is soon free.");
        clock.Advance(ProcessPlaces.LongTurn);
        Assert.True(process.AreStuckForOthers);
    }

    [Fact]
    public void What_is_promised_to_one_ticket_is_free_for_no_other_and_comes_back_when_it_is_not_needed()
    {
        var process = Attempts.Places(8);
        var (one, other) = (new HandlerPlaces(process, "test", 32), new HandlerPlaces(process, "test", 32));
        Assert.Equal(5, one.Promise(5));
        Assert.Equal(2, other.Promise(5));
        Assert.Equal(0, other.Free);

        one.KeepPromises(3);
        Assert.Equal(2, other.Promise(9));
        Assert.True(one.TryTake());
        one.KeepPromises(0);
        other.KeepPromises(0);

        Assert.Equal(6, other.Free);
        one.Leave();
        Assert.Equal(7, other.Promise(9));
    }
}
