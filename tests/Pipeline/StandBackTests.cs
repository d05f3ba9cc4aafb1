using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Execute;
using Millrace.Handlers;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>Where processors are what is short, as many runs of a queue as there are processors take its work; more would only hold it.</summary>
public sealed class StandBackTests
{
    private const int Places = 4;

    [Fact]
    public async Task Who_is_not_needed_takes_nothing_until_another_stops_or_finds_nothing()
    {
        await using var place = await Place.NewAsync();
        var quiet = new[] { "Execute", "ExecuteUrgent", "Dispatch", "Heal", "Wake" }.ToDictionary(static name => $"AzureWebJobs.{name}.Disabled", static _ => "true");
        await using var host = await PipelineHost.StartAsync(place, quiet);
        var heart = host.Services.GetRequiredService<ExecutorHeart>();
        var given = new Given(place.Store);
        List<TicketRun> runs = [];
        for (var n = 0; n <= Environment.ProcessorCount + 1; n++)
        {
            runs.Add(await RunAsync(place, host, given));
        }

        using var kept = new Leases(runs.ConvertAll(heart.Keep));
        var (first, second, last) = (runs[0], runs[1], runs[^1]);
        Assert.False(heart.OthersSuffice(last), "Nothing is known of the others yet.");
        runs.ForEach(static run => run.LookAtPlaces());
        Assert.True(heart.OthersSuffice(last));
        Assert.True(heart.OthersSuffice(first), "One more than needed is left.");
        Assert.False(heart.OthersSuffice(second), "The first and the last stand back already.");
        heart.TakesNoMore(second);
        Assert.False(heart.OthersSuffice(last));
        Assert.True(heart.OthersSuffice(first));
        runs[2].IsHungry = true;
        Assert.False(heart.OthersSuffice(first), "Who finds nothing does not take it all.");
    }

    private static async Task<TicketRun> RunAsync(Place place, PipelineHost host, Given given)
    {
        await given.SubmittedAsync();
        var ticket = await given.ClaimedAsync();
        var executor = host.Services.GetRequiredService<ExecutorIdentity>().Id;
        Assert.NotEmpty(await place.Store.StartTicketAsync(ticket, Given.Order(executor), Place.Cancellation));
        return new TicketRun(
            new RunningTicket(ticket, given.Queue, executor),
            ActivatorUtilities.CreateInstance<AttemptRunner>(host.Services, new HandlerRegistry([])),
            new TicketBeginning(place.Store, TimeProvider.System, NullLogger<TicketBeginning>.Instance),
            new TicketLease(Given.Lease, TicketLease.Now(TimeProvider.System), TimeProvider.System),
            new HandlerPlaces(Attempts.Places(100), given.Queue, Places),
            mostUnwritten: 1_000);
    }

    private sealed class Leases(List<IDisposable> all) : IDisposable
    {
        public void Dispose() => all.ForEach(static one => one.Dispose());
    }
}
