using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>The body of a purge; without a number it is only counted.</summary>
internal sealed record PurgeOrder(
    [property: JsonConverter(typeof(FilterConverter))] TaskFilter Filters, bool? All, long? Confirm);
