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
}
