using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Judging;
using Millrace.Tests.Chaos.Places;
using Millrace.Tests.Chaos.Results;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Trying;

/// <summary>Plays a scenario once, and has it judged. Whatever goes wrong on the way is a result, too.</summary>
internal static class Try
{
    private const int SentencesOfARule = 5;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(8);

    internal static async Task<TryResult> RunAsync(
        Scenario scenario, TryResult heading, TryPlan plan, Keeper keeper, CancellationToken cancellation)
    {
        if (scenario.WhyNotHere() is { } why)
        {
            return heading with { Skipped = why };
        }

        var began = TimeProvider.System.GetTimestamp();
        using var limit = new CancellationTokenSource(Longest, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        TryResult result;
        try
        {
            result = Told(heading, await PlayAsync(scenario, plan, keeper, both.Token));
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            result = heading with { BrokeOff = limit.IsCancellationRequested ? $"It took longer than {Longest.TotalMinutes:0} minutes." : exception.ToString() };
        }

        return result with { ProcessorPressure = Checkout.ProcessorPressure(), Seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds };
    }

    private static async Task<Evidence> PlayAsync(Scenario scenario, TryPlan plan, Keeper keeper, CancellationToken cancellation)
    {
        await using var world = await World.StartAsync(scenario, plan, keeper, cancellation);
        await scenario.PlayAsync(world, cancellation);
        return await Aftermath.CollectAsync(world, scenario, cancellation);
    }

    private static TryResult Told(TryResult heading, Evidence evidence)
    {
        var verdict = Judge.Decide(evidence);
        var byRule = verdict.Violations.GroupBy(static violation => violation.Rule).ToList();
        return heading with
        {
            Accepted = evidence.Accepted.Count,
            Begun = evidence.Witness.Count(static line => line.Event == WitnessEvent.Begin),
            Broken = byRule.ToDictionary(static rule => rule.Key.ToString(), static rule => rule.Count()),
            WorstFreshSeconds = verdict.WorstFreshSeconds,
            WorstOldSeconds = verdict.WorstOldSeconds,
            WorstStopSeconds = verdict.WorstStopSeconds,
            AboutToBegin = verdict.AboutToBegin,
            Sentences = [.. byRule.SelectMany(static rule => rule.Take(SentencesOfARule)).Select(static violation => $"{violation.Rule}: {violation.Sentence}")],
        };
    }
}
