using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Millrace.Local.Hosting.Invocation;

/// <summary>The trigger's metadata, every value text as on the wire between the real host and worker.</summary>
internal sealed class TriggerMetadata(IReadOnlyDictionary<string, object?> data) : BindingContext
{
    public override IReadOnlyDictionary<string, object?> BindingData => data;

    public static TriggerMetadata Of(FunctionInvocation invocation)
    {
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        if (invocation.HttpContext is { } http)
        {
            AddRequest(data, http.Request);
        }
        else if (invocation.Delivery is { } delivery)
        {
            delivery.AddTo(data);
        }
        else if (invocation.Timer is { } timer)
        {
            data["TimerTrigger"] = timer.ScheduleStatus?.Next.ToString("O", CultureInfo.InvariantCulture);
        }

        return new TriggerMetadata(data);
    }

    private static void AddRequest(Dictionary<string, object?> data, HttpRequest request)
    {
        data["Query"] = JsonSerializer.Serialize(
            request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()), MetadataJson.Default.DictionaryStringString);
        data["Headers"] = JsonSerializer.Serialize(
            request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()), MetadataJson.Default.DictionaryStringString);
        foreach (var (name, value) in request.RouteValues)
        {
            data[name] = value;
        }
    }
}
