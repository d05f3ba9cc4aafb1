using Millrace.Lifecycle;

namespace Millrace.Tests.Lifecycle;

public sealed class ShortTextTests
{
    private const string Pair = "\U0001F600";

    [Fact]
    public void A_text_that_fits_stays_as_it_is()
    {
        Assert.Equal("abc", ShortText.Of("abc", 3));
        Assert.Equal("abc", ShortText.Told("abc", 3));
    }

    [Fact]
    public void What_is_cut_ends_with_an_ellipsis_within_the_length() => Assert.Equal("ab…", ShortText.Of("abcd", 3));

    [Fact]
    public void No_character_is_cut_in_two()
    {
        Assert.Equal("a…", ShortText.Of("a" + Pair + "bc", 3));
        Assert.Equal("a" + Pair + "…", ShortText.Of("a" + Pair + "bc", 4));
        var told = ShortText.Told(new string('a', 59) + Pair + new string('b', 100), 100);
        Assert.Equal(new string('a', 59) + "… (102 more characters)", told);
    }

    [Fact]
    public void A_long_text_says_how_much_is_not_there() =>
        Assert.Equal(new string('a', 60) + "… (9,940 more characters)", ShortText.Told(new string('a', 10_000), 100));

    [Fact]
    public void An_error_that_is_cut_keeps_whole_characters()
    {
        var error = new TaskError("x", new string('a', 1_998) + Pair + "b");

        Assert.Equal(new string('a', 1_998) + "…", error.Message);
    }
}
