using Microsoft.Extensions.Configuration;

namespace Millrace.Hosting;

/// <summary>The short names of settings that operators know. A full name (<c>Millrace__Submit__MaxRetries</c>) wins over its short one.</summary>
internal static class SettingAliases
{
    internal static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["MILLRACE_POSTGRES"] = "Millrace:Store:ConnectionString",
        ["MILLRACE_REDIS"] = "Millrace:Redis:ConnectionString",
        ["AzureWebJobsStorage"] = "Millrace:Storage:ConnectionString",
        ["DATABASE_POOL_SIZE"] = "Millrace:Store:PoolSize",
        ["DATABASE_POOL_TIMEOUT"] = "Millrace:Store:PoolTimeoutSeconds",
        ["MAX_RETRIES"] = "Millrace:Submit:MaxRetries",
        ["INITIAL_RETRY_DELAY"] = "Millrace:Submit:RetryDelaySeconds",
        ["RETRY_BACKOFF_MULTIPLIER"] = "Millrace:Submit:RetryBackoff",
        ["MAX_RETRY_DELAY"] = "Millrace:Submit:MaxRetryDelaySeconds",
        ["JOB_TIMEOUT"] = "Millrace:Submit:TimeoutSeconds",
        ["WORKER_CONCURRENCY"] = "Millrace:Execute:Concurrency",
    };

    /// <summary>The section <c>Millrace</c> with the short names filled in.</summary>
    internal static IConfigurationSection Resolve(IConfiguration settings)
    {
        var filled = All
            .Where(alias => settings[alias.Value] is null && settings[alias.Key] is not null)
            .Select(alias => KeyValuePair.Create(alias.Value, settings[alias.Key]));
        return new ConfigurationBuilder().AddConfiguration(settings).AddInMemoryCollection(filled).Build().GetSection("Millrace");
    }
}
