namespace Millrace.Tests.Support;

/// <summary>The settings of a pipeline under test: the defaults of a laptop, with every patience made short.</summary>
internal static class PipelineSettings
{
    internal static Dictionary<string, string> For(Place place)
    {
        Dictionary<string, string> settings = new()
        {
            ["MILLRACE_POSTGRES"] = place.Postgres,
            ["AzureWebJobsStorage"] = place.Storage,
            ["AzureFunctionsWebHost__hostid"] = "millrace",

            // host.json lets an idle host look for a message every two seconds, and a task that is due after a pause waits for two looks.
            ["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "00:00:00.500",
            ["MILLRACE_DISPATCH_SCHEDULE"] = "* * * * * *",
            ["MILLRACE_HEAL_SCHEDULE"] = "* * * * * *",
            ["Millrace__Store__PoolSize"] = "12",
            ["Millrace__Execute__LeaseSeconds"] = "2",
            ["Millrace__Execute__HeartbeatSeconds"] = "0.5",
            ["Millrace__Execute__LingerSeconds"] = "1",
            ["Millrace__Execute__ObeySeconds"] = "1",
            ["Millrace__Execute__ShutdownGraceSeconds"] = "0.5",
            ["Millrace__Heal__RestartGraceSeconds"] = "2",
            ["Millrace__Heal__LeaseSeconds"] = "2",
            ["Millrace__Heal__LastChanceSeconds"] = "0.7",
            ["Millrace__Dispatch__QueuedLeaseSeconds"] = "3",
        };
        if (TestServers.UnderTest == ServerUnderTest.Pooled)
        {
            settings["Millrace__Store__Prepare"] = "false";
        }

        if (place.Redis is { } redis)
        {
            settings["MILLRACE_REDIS"] = redis;
        }

        return settings;
    }
}
