using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>One reason why a task does not run, or what became of it: a stable word, a sentence, and the facts behind it.</summary>
public sealed record TaskReason
{
    public string Code { get; init => field = value ?? string.Empty; } = string.Empty;

    public string Sentence { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>When it began, or will be.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Further facts, by the API's names.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Facts { get; set; }
}
