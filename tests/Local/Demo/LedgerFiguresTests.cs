using Millrace.Local.Demo;

namespace Millrace.Tests.Local.Demo;

public sealed class LedgerFiguresTests
{
    [Theory]
    [InlineData(10, 1, 4, 2, 1, 1, 1, 0, true)]
    [InlineData(11, 1, 4, 2, 1, 1, 1, 0, false)]
    [InlineData(10, 0, 10, 0, 0, 0, 0, 1, false)]
    public void It_is_clean_when_it_adds_up_and_nothing_is_there_twice(
        long accepted, long live, long succeeded, long failed, long cancelled, long expired, long removed, long twice, bool clean) =>
        Assert.Equal(clean, new LedgerFigures(accepted, live, succeeded, failed, cancelled, expired, removed, twice, []).IsClean);

    [Fact]
    public void A_fault_of_the_ledger_is_not_clean() =>
        Assert.False(new LedgerFigures(1, 1, 0, 0, 0, 0, 0, 0, ["A task is in two places."]).IsClean);
}
