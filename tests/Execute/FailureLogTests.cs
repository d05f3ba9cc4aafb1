using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Millrace.Execute;
using Millrace.Tests.Local.Hosting;
using Millrace.Tests.Support;

namespace Millrace.Tests.Execute;

public sealed class FailureLogTests : IDisposable
{
    private readonly LogProbe probe = new();
    private readonly LoggerFactory factory;
    private readonly FakeTimeProvider clock = new();
    private readonly FailureLog failures;

    public FailureLogTests()
    {
        factory = new LoggerFactory([probe]);
        failures = new FailureLog(clock, factory.CreateLogger<FailureLog>());
    }

    [Fact]
    public void A_few_of_a_kind_are_logged_in_a_second_and_the_others_are_counted()
    {
        Fail("charge", new TimeoutException(), FailureLog.MostLines + 995);
        Assert.Equal(FailureLog.MostLines, probe.Warnings.Count());
        Assert.All(probe.Warnings, static line => Assert.Contains("of type charge failed in attempt 1", line, StringComparison.Ordinal));

        failures.TellOthers();
        Assert.Equal("995 more attempts of type charge failed with TimeoutException; GET /api/v1/failures shows them", probe.Warnings.Last());
        failures.TellOthers();
        Assert.Equal(FailureLog.MostLines + 1, probe.Warnings.Count());
    }

    [Fact]
    public void Another_type_another_exception_and_another_second_have_lines_of_their_own()
    {
        Fail("charge", new TimeoutException(), 100);
        Fail("charge", new FormatException(), 100);
        Fail("mail", new TimeoutException(), 100);
        Assert.Equal(3 * FailureLog.MostLines, probe.Warnings.Count());

        clock.Advance(TimeSpan.FromSeconds(1));
        Fail("charge", new TimeoutException(), 100);
        Assert.Equal(4 * FailureLog.MostLines, probe.Warnings.Count());
    }

    [Fact]
    public void Failures_that_are_few_are_all_logged_and_nothing_else_is_told()
    {
        for (var i = 0; i < 10 * FailureLog.MostLines; i++)
        {
            Fail("charge", new TimeoutException(), 1);
            clock.Advance(TimeSpan.FromSeconds(1.0 / FailureLog.MostLines));
        }

        failures.TellOthers();
        Assert.Equal(10 * FailureLog.MostLines, probe.Warnings.Count());
    }

    public void Dispose()
    {
        factory.Dispose();
        probe.Dispose();
    }

    private void Fail(string type, Exception exception, int times)
    {
        for (var i = 0; i < times; i++)
        {
            failures.Threw(new Attempt(Attempts.Record("{}", type), NullLogger.Instance), exception);
        }
    }
}
