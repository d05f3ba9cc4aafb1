using DbUp;
using DbUp.Engine;
using Microsoft.Extensions.Logging;

namespace Millrace.Store;

/// <summary>Brings the schema up to date. Safe when several hosts start together: one migrates, the others wait for it.</summary>
internal static partial class Migrator
{
    /// <exception cref="InvalidOperationException">A migration failed; the message names it.</exception>
    internal static async Task MigrateAsync(Npgsql.NpgsqlDataSource database, StoreOptions options, ILogger log, CancellationToken cancellation)
    {
        await using var guard = await database.OpenConnectionAsync(cancellation);
        if (guard.PostgreSqlVersion.Major < LeastVersion)
        {
            throw new InvalidOperationException($"PostgreSQL {guard.PostgreSqlVersion} is too old. Millrace needs PostgreSQL {LeastVersion} or later.");
        }

        await using var turn = await guard.BeginTransactionAsync(cancellation);
        await using (var wait = new Npgsql.NpgsqlCommand($"{Settings} SELECT pg_advisory_xact_lock(hashtext('millrace.migrate'))", guard, turn))
        {
            // Who comes second waits for as long as the first one's scripts may take.
            wait.CommandTimeout = (int)LongestScript.TotalSeconds;
            await wait.ExecuteNonQueryAsync(cancellation);
        }

        if (await IsUpToDateAsync(guard, turn, cancellation))
        {
            return;
        }

        var result = await Task.Run(() => Engine(options).PerformUpgrade(), cancellation);
        foreach (var script in result.Scripts)
        {
            LogApplied(log, script.Name);
        }

        if (result is { Successful: false, Error: Npgsql.NpgsqlException away } && StoreOutage.IsOne(away) && !IsWrong(away))
        {
            // PostgreSQL went away in the middle; nothing of the script was kept. It is tried again.
            throw away;
        }

        if (!result.Successful)
        {
            throw new InvalidOperationException(
                $"The migration {result.ErrorScript?.Name} failed: {result.Error.Message} Mend the cause and start again; nothing of it was kept.",
                result.Error);
        }
    }

    /// <summary>Whatever the database's defaults say, a script takes its time and makes tables in the same place.</summary>
    private const string Settings = """
        SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;
        SET LOCAL search_path = public; SET LOCAL DateStyle = 'ISO, MDY';
        SELECT set_config('transaction_timeout', '0', true) WHERE current_setting('server_version_num')::integer >= 170000;
        """;

    /// <summary>The oldest that the tests run on.</summary>
    private const int LeastVersion = 15;

    /// <summary>A script may have to rewrite or sum up tables of many millions of rows.</summary>
    private static readonly TimeSpan LongestScript = TimeSpan.FromHours(1);

    /// <summary>Most starts have nothing to do, and DbUp takes its time to find that out.</summary>
    private static async Task<bool> IsUpToDateAsync(Npgsql.NpgsqlConnection connection, Npgsql.NpgsqlTransaction turn, CancellationToken cancellation)
    {
        await using var exists = new Npgsql.NpgsqlCommand("SELECT to_regclass('public.schema_versions') IS NOT NULL", connection, turn);
        if (await exists.ExecuteScalarAsync(cancellation) is not true)
        {
            return false;
        }

        await using var applied = new Npgsql.NpgsqlCommand("SELECT coalesce(array_agg(scriptname::text), '{}') FROM public.schema_versions", connection, turn);
        var names = (string[])(await applied.ExecuteScalarAsync(cancellation))!;
        return typeof(Migrator).Assembly.GetManifestResourceNames().Where(IsMigration).All(names.Contains);
    }

    /// <summary>What means a schema that is not there yet elsewhere is a mistake in a script.</summary>
    private static bool IsWrong(Npgsql.NpgsqlException exception) => (exception as Npgsql.PostgresException)?.SqlState is ['4', '2', ..];

    private static bool IsMigration(string resource) => resource.Contains(".Migrations.", StringComparison.Ordinal);

    private static UpgradeEngine Engine(StoreOptions options) => DeployChanges.To
        .PostgresqlDatabase(options.ConnectionString)
        .WithScriptsEmbeddedInAssembly(typeof(Migrator).Assembly, IsMigration)
        .JournalToPostgresqlTable("public", "schema_versions")
        .WithTransactionPerScript()
        .WithPreprocessor(new OwnSettings())
        .WithExecutionTimeout(LongestScript)
        .WithVariablesDisabled()
        .LogToNowhere()
        .Build();

    [LoggerMessage(5900, LogLevel.Information, "Migration {Script} is applied")]
    private static partial void LogApplied(ILogger logger, string script);

    private sealed class OwnSettings : IScriptPreprocessor
    {
        public string Process(string contents) => $"{Settings}{Environment.NewLine}{contents}";
    }
}
