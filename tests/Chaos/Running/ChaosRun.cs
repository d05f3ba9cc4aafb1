using System.Globalization;
using Millrace.Local;
using Millrace.Tests.Chaos.Places;
using Millrace.Tests.Chaos.Results;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Running;

/// <summary>Plays what the plan asks for and is not played yet, and says in one last line how it went.</summary>
internal sealed class ChaosRun(ChaosPlan plan)
{
    private readonly string root = Repository.Root();

    internal async Task<int> RunAsync(CancellationToken cancellation)
    {
        var scenarios = Chosen();
        if (scenarios.Count == 0 || plan.List)
        {
            scenarios.ToList().ForEach(static scenario => Console.WriteLine($"{scenario.Name,-28}{scenario.Fault}"));
            return plan.List ? 0 : Fail("No scenario has such a name. --list names them.");
        }

        var data = Path.GetFullPath(plan.Data ?? Path.Combine(root, ".millrace", "chaos"));
        var commit = await Checkout.CommitAsync(root, cancellation);
        var results = ResultsFile.Of(data, commit);
        if (plan.Verb == ChaosPlan.Table)
        {
            return await WriteTableAsync(results, cancellation);
        }

        var run = Directory.CreateDirectory(Path.Combine(data, $"run-{Guid.CreateVersion7():N}")).FullName;
        using (var keeper = Keeper.Start(run))
        {
            var wanted = scenarios.SelectMany(scenario => Enumerable.Range(1, TriesOf(scenario)).Select(number => (scenario, number)))
                .Where(one => !results.Read().Any(done => done.Scenario == one.scenario.Name && done.Try == one.number)).ToList();
            var limits = new ParallelOptions { MaxDegreeOfParallelism = plan.SideBySide, CancellationToken = cancellation };
            await Parallel.ForEachAsync(
                wanted, limits, async (one, token) => results.Append(await TryAsync(one.scenario, one.number, commit, run, keeper, token)));
        }

        RemoveIfEmpty(run);
        return Sum(scenarios, results);
    }

    private async Task<int> WriteTableAsync(ResultsFile results, CancellationToken cancellation)
    {
        var page = Path.Combine(root, "docs", "reliability.md");
        var scenarios = AllScenarios.Long.Select(static scenario => (scenario.Name, scenario.Fault, scenario.Tries)).ToList();
        await File.WriteAllTextAsync(page, ResultTable.PutInto(await File.ReadAllTextAsync(page, cancellation), scenarios, results.Read()), cancellation);
        Console.WriteLine($"{page} shows what {results.Path} holds.");
        return 0;
    }

    private IReadOnlyList<Scenario> Chosen()
    {
        var all = plan.Verb == ChaosPlan.Short ? AllScenarios.Short : AllScenarios.Long;
        return plan.Only.Count == 0 ? all : [.. AllScenarios.Long.Where(scenario => plan.Only.Contains(scenario.Name))];
    }

    private int TriesOf(Scenario scenario) => plan.Tries ?? (plan.Verb == ChaosPlan.Short ? 1 : scenario.Tries);

    private async Task<TryResult> TryAsync(Scenario scenario, int number, string commit, string run, Keeper keeper, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Path.Combine(run, $"{scenario.Name}-{number}")).FullName;
        var heading = new TryResult
        {
            Commit = commit,
            Scenario = scenario.Name,
            Try = number,
            At = TimeProvider.System.GetUtcNow(),
            Machine = Checkout.Machine(),
        };
        Say($"{scenario.Name} {number}: {scenario.Fault} …");
        var tryPlan = new TryPlan(folder, Path.Combine(root, ".millrace", "tools"), root, Say);
        var result = await Try.RunAsync(scenario, heading, tryPlan, keeper, cancellation);
        Say(Describe(result));
        if (result.Passed)
        {
            Directory.Delete(folder, recursive: true);
        }

        return result;
    }

    private static string Describe(TryResult result)
    {
        var word = result.Skipped is not null ? "skipped" : result.Passed ? "passed" : "FAILED";
        var figures = $"{result.Accepted} accepted, {result.Begun} begun, fresh work within {Figure(result.WorstFreshSeconds)}, "
            + $"older work within {Figure(result.WorstOldSeconds)}, processors short {result.ProcessorPressure ?? 0:0} %";
        var head = $"{result.Scenario} {result.Try}: {word} in {result.Seconds:0} s ({result.Skipped ?? figures})";
        return string.Join("\n  ", (string[])[head, .. result.BrokeOff is { } why ? [why] : (string[])[], .. result.Sentences]);
    }

    private static string Figure(double? seconds) =>
        seconds is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known:0.0} s") : "(none judged)";

    /// <summary>The tries that were asked for, those of earlier runs of this commit among them.</summary>
    private int Sum(IReadOnlyList<Scenario> scenarios, ResultsFile results)
    {
        var names = scenarios.Select(static scenario => scenario.Name).ToHashSet();
        var all = results.Read().Where(result => names.Contains(result.Scenario) && result.Try <= TriesOf(scenarios.First(one => one.Name == result.Scenario))).ToList();
        var skipped = all.Count(static result => result.Skipped is not null);
        var failed = all.Count(static result => !result.Passed);
        var missing = scenarios.Sum(TriesOf) - all.Count;
        Console.WriteLine($"Results: {results.Path}");
        Console.WriteLine($"Chaos: {all.Count - failed - skipped} tries passed the judge, {failed} tries broke a rule, {skipped} skipped.");
        return failed == 0 && missing == 0 && skipped == 0 ? 0 : 1;
    }

    private static void RemoveIfEmpty(string run)
    {
        if (!Directory.EnumerateDirectories(run).Any())
        {
            Directory.Delete(run, recursive: true);
        }
    }

    private static int Fail(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return 2;
    }

    private static void Say(string line) => Console.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss} {line}");
}
