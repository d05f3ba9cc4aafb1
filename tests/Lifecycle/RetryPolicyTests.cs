using CsCheck;
using Millrace.Lifecycle;

namespace Millrace.Tests.Lifecycle;

public sealed class RetryPolicyTests
{
    private static readonly Gen<RetryPolicy> Policies = Gen.Select(
        Gen.Short[0, 100], Gen.Float[0, 604_800], Gen.Float[1, 100], Gen.Float[0, 604_800], static (max, delay, backoff, cap) =>
            new RetryPolicy(max, delay, backoff, cap));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(10, 2_560)]
    [InlineData(11, 3_600)]
    [InlineData(100, 3_600)]
    public void The_defaults_wait_5_10_20_seconds_up_to_an_hour(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new RetryPolicy(3, 5, 2, 3_600).DelayAfter(failures));

    [Fact]
    public void No_delay_is_longer_than_the_cap_and_none_is_shorter_than_the_one_before() =>
        Gen.Select(Policies, Gen.Int[1, 100]).Sample(static (policy, failures) =>
        {
            var delay = policy.DelayAfter(failures);
            Assert.InRange(delay.TotalSeconds, 0, policy.MaxDelaySeconds + 0.001);
            Assert.True(policy.DelayAfter(failures + 1) >= delay);
        });

    [Fact]
    public void No_first_delay_means_no_delay_however_steep_the_back_off() =>
        Gen.Int[1, 100].Sample(static failures => Assert.Equal(TimeSpan.Zero, new RetryPolicy(100, 0, 100, 604_800).DelayAfter(failures)));
}
