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
    public async Task A_session_that_PostgreSQL_ended_for_its_rest_costs_nobody_an_error()
    {
        await using var place = await Place.NewAsync();
        await place.SetDefaultAsync("idle_session_timeout", "20ms");
        var sessions = new StoreSessions(TimeProvider.System);
        await using var source = Database.Open(new StoreOptions { ConnectionString = place.Postgres }, sessions);
        var store = new TaskStore(source, new CostMeter(), sessions);
        for (var n = 0; n < 3; n++)
        {
            await store.RecordPassAsync("heal", Place.Cancellation);
            await place.UntilAsync("NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'millrace')");
        }
    }

    [Fact]
    public async Task A_claim_in_another_isolation_is_refused_and_the_next_sets_its_own()
    {
        await using var place = await Place.NewAsync();
        var sessions = new StoreSessions(TimeProvider.System);

        // As a session is whose default was changed after it was asked: nobody has told the process.
        var straight = new Npgsql.NpgsqlConnectionStringBuilder(place.Source.ConnectionString);
        straight.Options += " -c default_transaction_isolation=serializable";
        await using var source = Npgsql.NpgsqlDataSource.Create(straight);
        var store = new TaskStore(source, new CostMeter(), sessions);
        var given = new Given(store);
        await given.SubmittedAsync();

        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => store.ClaimTicketAsync(given.Queue, 1, Given.Limits, Place.Cancellation));
        Assert.Equal(StoreOutage.WrongIsolation, refused.SqlState);
        Assert.NotNull(await store.ClaimTicketAsync(given.Queue, 1, Given.Limits, Place.Cancellation));
    }

    [Theory]
    [InlineData("search_path", "\"$user\", public", true)]
    [InlineData("search_path", "app, public", false)]
    [InlineData("search_path", "republic", false)]
    [InlineData("statement_timeout", "60000", false)]
    [InlineData("statement_timeout", "0", true)]
    [InlineData("lock_timeout", "60000", true)]
    public void Only_a_default_that_does_no_harm_will_do(string name, string value, bool willDo) =>
        Assert.Equal(willDo, SessionDefault.All.Single(one => one.Name == name).WillDo(value));

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
