using Millrace.Benchmarks;

// Verbs: bulk, drain, single, latency, all. Options: --jobs N, --rounds N, --data DIR, --peers SCRIPT.
var plan = BenchPlan.Parse(args);
if (plan is null)
{
    await Console.Error.WriteLineAsync(BenchPlan.Usage);
    return 2;
}

if (plan.Verb == BareEndpoint.Verb)
{
    return await BareEndpoint.ServeAsync();
}

using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(60));
return await BenchRun.RunAsync(plan, stop.Token);
