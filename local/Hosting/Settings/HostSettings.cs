using System.Collections;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Millrace.Local.Hosting.Settings;

/// <summary>All settings of a host, read once before anything starts.</summary>
internal sealed record HostSettings(AppSettings App, LocalSettingsFile LocalFile, IConfigurationRoot HostJsonText, HostJson Host)
{
    private const int LongestHostId = 32;

    public string EnvironmentName => App["AZURE_FUNCTIONS_ENVIRONMENT"] ?? "Development";

    /// <summary>Work in flight is not told to stop; it is only waited for.</summary>
    public bool IsDrainMode => App.IsTrue("FUNCTIONS_ENABLE_DRAIN_ON_APP_STOPPING") || App["KUBERNETES_SERVICE_HOST"] is { Length: > 0 };

    public static HostSettings Read(FunctionsHostOptions options, StartFindings findings)
    {
        var file = LocalSettingsFile.Read(options.LocalSettingsFile ?? LocalSettingsFile.Find(options.Folder), findings);
        var app = AppSettings.Merge(options.DefaultSettings, file.Values, options.Environment ?? ProcessEnvironment());
        var json = HostJsonReader.Load(options.Folder, app, findings);
        var isDevelopment = (app["AZURE_FUNCTIONS_ENVIRONMENT"] ?? "Development").Equals("Development", StringComparison.OrdinalIgnoreCase);
        return new HostSettings(app, file, json, new HostJsonReader(findings).Read(json, isDevelopment));
    }

    /// <summary>
    /// Names this app's locks and statuses. As on a developer's machine: machine and folder, unless a setting says
    /// otherwise; hosts that share the work must share the setting.
    /// </summary>
    public string HostId(string folder)
    {
        var id = App["AzureFunctionsWebHost__hostid"]
            ?? $"{System.Environment.MachineName}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(folder))))[..10]}";
        id = id.ToLowerInvariant();
        return id.Length <= LongestHostId ? id : id[^LongestHostId..];
    }

    private static Dictionary<string, string> ProcessEnvironment() =>
        System.Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? string.Empty);
}
