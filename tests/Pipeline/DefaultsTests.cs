using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>The pipeline on a PostgreSQL whose defaults are not those of a new server: the distribution's, and one that is hostile on purpose.</summary>
public sealed class DefaultsTests
{
    [Fact]
    public async Task On_the_distributions_server_lone_tasks_are_quick_and_many_are_drained()
    {
        await using var place = await Place.NewOnDistributionAsync();
        await WorkOffAsync(place);
    }

    [Fact]
    public async Task On_a_database_with_hostile_defaults_everything_is_as_always()
    {
        await using var place = await Place.NewAsync();
        foreach (var (name, value) in HostileDefaults.All)
        {
            await place.SetDefaultAsync(name, value);
        }

        await WorkOffAsync(place);
        Assert.EndsWith("+00:00", await place.ScalarAsync<string>("SELECT history -> 0 ->> 'ended_at' FROM finished_tasks WHERE history IS NOT NULL LIMIT 1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_statement_on_a_new_connection_is_as_all_others()
    {
        await using var place = await Place.NewAsync();
        var sessions = new StoreSessions(TimeProvider.System);
        await using var source = Database.Open(new StoreOptions { ConnectionString = place.Postgres }, sessions);
        var store = new TaskStore(source, new CostMeter(), sessions);
        await store.RecordPassAsync("heal", Place.Cancellation);

        // Somebody changes the defaults while the process runs, and the pool opens a connection by and by.
        await place.SetDefaultAsync("search_path", "elsewhere");
        source.Clear();
        await store.RecordPassAsync("heal", Place.Cancellation);

        // Another process has never seen others.
        sessions = new StoreSessions(TimeProvider.System);
        await using var another = Database.Open(new StoreOptions { ConnectionString = place.Postgres }, sessions);
        await new TaskStore(another, new CostMeter(), sessions).RecordPassAsync("heal", Place.Cancellation);
    }

    [Fact]
    public async Task A_database_that_was_read_only_for_a_while_needs_no_restart_of_the_hosts()
    {
        await using var place = await Place.NewAsync();
        await using var host = await PipelineHost.StartAsync(place, new Dictionary<string, string>(), new Scripts { ["reopened"] = static _ => new(TaskOutcome.Succeeded()) });
        var work = new Work(place, host.Client, "reopened");
        await work.UntilFinishedAsync(await work.SubmitAsync());

        await place.SetDefaultAsync("default_transaction_read_only", "on");
        await place.EndOthersAsync();
        var refused = await Work.PostAsync(host.Client, "/api/v1/tasks", """{"type":"scripted","queue_name":"reopened"}""");
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await place.SetDefaultAsync("default_transaction_read_only", "off");

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (!(await Work.PostAsync(host.Client, "/api/v1/tasks", """{"type":"scripted","queue_name":"reopened"}""")).IsSuccessStatusCode)
        {
            limit.Token.ThrowIfCancellationRequested();
        }

        await work.UntilDoneAsync();
    }

    /// <summary>Twenty lone tasks one after another, then many at once of which some fail at first.</summary>
    private static async Task WorkOffAsync(Place place)
    {
        var scripts = new Scripts
        {
            ["lone"] = static _ => new(TaskOutcome.Succeeded()),
            ["many"] = static context => new(context.AttemptNumber == 1 && context.Data.Span[^1] == (byte)'7' ? TaskOutcome.Failed("once", "Once.") : TaskOutcome.Succeeded()),
        };
        await using var host = await PipelineHost.StartAsync(place, new Dictionary<string, string>(), scripts);
        var lone = new Work(place, host.Client, "lone");
        var many = new Work(place, host.Client, "many");

        // Compiled anew for each statement, one took 1.7 s.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(25));
        for (var n = 0; n < 20; n++)
        {
            await lone.UntilFinishedAsync(await lone.SubmitAsync());
            Assert.False(limit.IsCancellationRequested, $"Only {n} lone tasks had ended after 25 s.");
        }

        await many.SubmitManyAsync(2_000, fields: "\"retry_delay_seconds\": 0");
        await many.UntilDoneAsync();
        await Books.AssertAllEndedAsync(place, 2_020);
    }
}
