using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Queues;
using Millrace.Store;
using Npgsql;

namespace Millrace.Hosting;

/// <summary>Before the first function runs: the schema is up to date and the queues exist.</summary>
internal sealed class Startup(
    NpgsqlDataSource database, IOptions<StoreOptions> options, MessageSender sender, ILogger<Startup> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Migrate)
        {
            await Migrator.MigrateAsync(database, options.Value, log, cancellationToken);
        }

        await sender.CreateQueuesAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
