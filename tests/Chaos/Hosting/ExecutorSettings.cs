namespace Millrace.Tests.Chaos.Hosting;

/// <summary>The settings of an executor: those of every local host, and the relays in place of the servers.</summary>
internal static class ExecutorSettings
{
    internal static Dictionary<string, string> Of(ExecutorRoads roads, params IReadOnlyDictionary<string, string>?[] changes)
    {
        var settings = roads.Settings();
        settings["AzureFunctionsWebHost__hostid"] = "millrace";
        settings["MILLRACE_DISPATCH_SCHEDULE"] = "* * * * * *";
        settings["MILLRACE_HEAL_SCHEDULE"] = "*/5 * * * * *";
        settings["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "00:00:00.200";
        foreach (var (name, value) in changes.Where(static change => change is not null).SelectMany(static change => change!))
        {
            settings[name] = value;
        }

        return settings;
    }
}
