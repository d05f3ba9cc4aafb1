using Millrace.Local.Hosting;
using Millrace.Local.Hosting.Settings;
using Millrace.Local.Services;

namespace Millrace.Local;

/// <summary>Which servers are configured, and the settings that the host gets for those that were brought up.</summary>
internal static class LocalSettings
{
    private const string Postgres = "MILLRACE_POSTGRES";
    private const string Storage = "AzureWebJobsStorage";
    private const string Redis = "MILLRACE_REDIS";

    /// <summary>The servers that no connection string names. With PostgreSQL and storage configured, Redis is not brought up either: it is optional.</summary>
    internal static IReadOnlySet<ServerKind> Missing(string folder)
    {
        var settings = HostSettings.Read(new FunctionsHostOptions { Folder = folder }, new StartFindings()).App;
        HashSet<ServerKind> missing = [];
        Add(ServerKind.Postgres, Postgres);
        Add(ServerKind.Storage, Storage);
        if (missing.Count > 0)
        {
            Add(ServerKind.Redis, Redis);
        }

        return missing;

        void Add(ServerKind kind, string name)
        {
            if (string.IsNullOrEmpty(settings[name]))
            {
                missing.Add(kind);
            }
        }
    }

    internal static Dictionary<string, string> Defaults(ServerSet servers, LocalOptions options)
    {
        Dictionary<string, string> defaults = new()
        {
            ["MILLRACE_DISPATCH_SCHEDULE"] = "* * * * * *",
            ["MILLRACE_HEAL_SCHEDULE"] = "*/5 * * * * *",

            // Fifteen polls a second cost a laptop a hundredth of a core; host.json says what they may cost on Azure.
            ["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "00:00:00.200",
        };
        Add(Postgres, servers.PostgresConnectionString);
        Add(Storage, servers.StorageConnectionString);
        Add(Redis, servers.RedisConnectionString);
        if (options.NoExecutors)
        {
            Add("AzureWebJobs.Execute.Disabled", "true");
            Add("AzureWebJobs.ExecuteUrgent.Disabled", "true");
        }

        return defaults;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                defaults[name] = value;
            }
        }
    }
}
