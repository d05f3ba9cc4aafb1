using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Millrace.Local.Hosting.Settings;

/// <summary>Reads host.json and lays <c>AzureFunctionsJobHost__…</c> settings over it; every fault becomes a sentence.</summary>
internal sealed class HostJsonReader(StartFindings findings)
{
    private const string OverridePrefix = "AzureFunctionsJobHost:";

    private static readonly HashSet<string> Obeyed = new(StringComparer.OrdinalIgnoreCase)
    {
        "version", "functionTimeout", "functions", "logging", "telemetryMode", "extensions",
        "extensions:http", "extensions:http:routePrefix", "extensions:http:maxOutstandingRequests",
        "extensions:queues", "extensions:queues:batchSize", "extensions:queues:newBatchThreshold",
        "extensions:queues:maxPollingInterval", "extensions:queues:visibilityTimeout",
        "extensions:queues:maxDequeueCount", "extensions:queues:messageEncoding",
    };

    public static IConfigurationRoot Load(string folder, AppSettings settings, StartFindings findings)
    {
        var path = Path.Combine(Path.GetFullPath(folder), "host.json");
        if (!File.Exists(path))
        {
            findings.Warn($"There is no {path}: every setting has the real host's default. Copy host.json beside the app.");
        }

        var overrides = settings.Values
            .Where(setting => setting.Key.StartsWith(OverridePrefix, StringComparison.OrdinalIgnoreCase))
            .Select(setting => KeyValuePair.Create(setting.Key[OverridePrefix.Length..], (string?)setting.Value));
        try
        {
            return new ConfigurationBuilder().AddJsonFile(path, optional: true).AddInMemoryCollection(overrides).Build();
        }
        catch (InvalidDataException exception)
        {
            findings.Fault($"{path} cannot be read ({exception.InnerException?.Message ?? exception.Message}): write one JSON object.");
            return new ConfigurationBuilder().AddInMemoryCollection(overrides).Build();
        }
    }

    public HostJson Read(IConfiguration json, bool isDevelopment)
    {
        if (json["version"] is { } version && version != "2.0")
        {
            findings.Fault($"host.json says version \"{version}\": write \"version\": \"2.0\".");
        }

        WarnOfUnknown(json);
        return new HostJson
        {
            RoutePrefix = (json["extensions:http:routePrefix"] ?? "api").Trim('/'),
            MaxOutstandingRequests = WholeNumber(json, "extensions:http:maxOutstandingRequests", -1, -1, int.MaxValue) is var max and >= 0
                ? max
                : null,
            FunctionTimeout = Timeout(json),
            Functions = [.. json.GetSection("functions").GetChildren().Select(name => name.Value).OfType<string>()],
            Queues = Queues(json, isDevelopment),
        };
    }

    private QueuesSettings Queues(IConfiguration json, bool isDevelopment)
    {
        const string section = "extensions:queues:";
        var batchSize = WholeNumber(json, section + "batchSize", 16, 1, 32);
        var polling = Duration(json, section + "maxPollingInterval", TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(100));
        var encoding = json[section + "messageEncoding"] ?? "base64";
        var isBase64 = encoding.Equals("base64", StringComparison.OrdinalIgnoreCase);
        if (!isBase64 && !encoding.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            findings.Fault($"host.json says {section}messageEncoding \"{encoding}\": write \"base64\" or \"none\".");
        }

        return new QueuesSettings
        {
            BatchSize = batchSize,
            NewBatchThreshold = WholeNumber(
                json, section + "newBatchThreshold", batchSize / 2 * Environment.ProcessorCount, 0, int.MaxValue),
            // The real extension shortens the default minute, and only that, during development.
            MaxPollingInterval = isDevelopment && polling == TimeSpan.FromMinutes(1) ? TimeSpan.FromSeconds(2) : polling,
            VisibilityTimeout = Duration(json, section + "visibilityTimeout", TimeSpan.Zero, TimeSpan.Zero),
            MaxDequeueCount = WholeNumber(json, section + "maxDequeueCount", 5, 1, int.MaxValue),
            IsBase64 = isBase64,
        };
    }

    private TimeSpan? Timeout(IConfiguration json) =>
        json["functionTimeout"] == "-1"
            ? null
            : Duration(json, "functionTimeout", TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(1));

    private int WholeNumber(IConfiguration json, string key, int byDefault, int least, int most)
    {
        if (json[key] is not { } text)
        {
            return byDefault;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return number;
        }

        var range = most == int.MaxValue ? $"of at least {least}" : $"from {least} to {most}";
        findings.Fault($"host.json says {key} \"{text}\": write a whole number {range}.");
        return byDefault;
    }

    private TimeSpan Duration(IConfiguration json, string key, TimeSpan byDefault, TimeSpan least)
    {
        if (json[key] is not { } text)
        {
            return byDefault;
        }

        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration) && duration >= least)
        {
            return duration;
        }

        findings.Fault($"host.json says {key} \"{text}\": write hh:mm:ss of at least {least}.");
        return byDefault;
    }

    private void WarnOfUnknown(IConfiguration json)
    {
        foreach (var top in json.GetChildren())
        {
            Warn(top.Path);
        }

        foreach (var extension in json.GetSection("extensions").GetChildren())
        {
            Warn(extension.Path);
            foreach (var setting in Obeyed.Contains(extension.Path) ? extension.GetChildren() : [])
            {
                Warn(setting.Path);
            }
        }

        void Warn(string path)
        {
            if (!Obeyed.Contains(path))
            {
                findings.Warn($"host.json sets {path}, which this host does not know: it has no effect here.");
            }
        }
    }
}
