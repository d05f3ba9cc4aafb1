using System.Net;
using System.Text.Json;

namespace Millrace.Local.Hosting.Settings;

/// <summary>What <c>local.settings.json</c> says, with the rules of <c>func start</c> (version 4).</summary>
internal sealed class LocalSettingsFile
{
    private static readonly JsonDocumentOptions Json =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyDictionary<string, string> Values => values;

    public int? HttpPort { get; private set; }

    /// <summary>Where HTTP listens; null: on loopback.</summary>
    public IPAddress? HttpAddress { get; private set; }

    public string? Cors { get; private set; }

    /// <summary>The first of <c>functions/local.settings.json</c> and <c>local.settings.json</c>, or null.</summary>
    public static string? Find(string folder) =>
        new[] { Path.Combine(folder, "functions", "local.settings.json"), Path.Combine(folder, "local.settings.json") }
            .FirstOrDefault(File.Exists);

    public static LocalSettingsFile Read(string? path, StartFindings findings)
    {
        var file = new LocalSettingsFile();
        if (path is null)
        {
            return file;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path), Json);
            file.Read(document.RootElement, path, findings);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            findings.Fault($"{path} cannot be read ({exception.Message}): write one JSON object with \"IsEncrypted\" and \"Values\".");
        }

        return file;
    }

    private void Read(JsonElement root, string path, StartFindings findings)
    {
        // IsEncrypted defaults to true when it is absent.
        if (!root.TryGetProperty("IsEncrypted", out var encrypted) || encrypted.ValueKind != JsonValueKind.False)
        {
            findings.Fault($"{path} counts as encrypted: write \"IsEncrypted\": false and plain values.");
            return;
        }

        if (!ReadValues(root, path, findings))
        {
            return;
        }

        ReadConnectionStrings(root);
        if (root.TryGetProperty("Host", out var host) && host.ValueKind == JsonValueKind.Object)
        {
            HttpPort = host.TryGetProperty("LocalHttpPort", out var port) && port.TryGetInt32(out var number) ? number : null;
            ReadAddress(host, path, findings);
            Cors = host.TryGetProperty("CORS", out var cors) ? cors.GetString() : null;
        }
    }

    private void ReadAddress(JsonElement host, string path, StartFindings findings)
    {
        if (!host.TryGetProperty("LocalHttpAddress", out var address))
        {
            return;
        }

        var text = address.ToString();
        if (text.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            HttpAddress = IPAddress.Loopback;
        }
        else if (IPAddress.TryParse(text, out var parsed))
        {
            HttpAddress = parsed;
        }
        else
        {
            findings.Fault($"{path} has the LocalHttpAddress \"{text}\": write an IP address of this machine, or 0.0.0.0 for all of them.");
        }
    }

    private bool ReadValues(JsonElement root, string path, StartFindings findings)
    {
        if (!root.TryGetProperty(nameof(Values), out var settings) || settings.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        foreach (var setting in settings.EnumerateObject())
        {
            if (setting.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                values.Clear();
                findings.Warn(
                    $"{path} is ignored: \"{setting.Name}\" in \"Values\" is nested. Write flat text values, with __ between parts of a name.");
                return false;
            }

            values[setting.Name] = setting.Value.ToString();
        }

        return true;
    }

    private void ReadConnectionStrings(JsonElement root)
    {
        if (!root.TryGetProperty("ConnectionStrings", out var connections) || connections.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var connection in connections.EnumerateObject())
        {
            var text = connection.Value.ValueKind == JsonValueKind.Object
                ? connection.Value.TryGetProperty("ConnectionString", out var inner) ? inner.GetString() : null
                : connection.Value.GetString();
            if (text is not null)
            {
                values["ConnectionStrings:" + connection.Name] = text;
            }
        }
    }
}
