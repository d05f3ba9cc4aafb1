using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Requests;
using Millrace.Lifecycle;
using Millrace.Store.Rows;
using Millrace.Submit;

namespace Millrace.Manage;

/// <summary>A bulk action: what to do, to which tasks. The JSON that orders it is also the data of the task that carries it out.</summary>
internal sealed record BulkOrder
{
    internal const int Largest = 65_536;

    private const int MostCanaries = 100;

    private static readonly byte[] Nothing = "{}"u8.ToArray();

    public required BulkVerb Verb { get; init; }

    /// <summary>Which tasks; only those in places that the verb can do something about.</summary>
    public required TaskFilter Filter { get; init; }

    /// <summary>For boost: at least this. For retry and replay: this.</summary>
    public short? Priority { get; init; }

    /// <summary>For move, retry and replay: where the tasks go.</summary>
    public string? QueueName { get; init; }

    /// <summary>For retry and replay: so many are tried first, and the rest only when all of them have succeeded.</summary>
    public int Canary { get; init; }

    /// <summary>Count only.</summary>
    public bool DryRun { get; init; }

    /// <summary>The order as JSON, from which it can be read again.</summary>
    public required byte[] Json { get; init; }

    /// <summary>How many tasks the caller believes that it deletes.</summary>
    public long? Confirm { get; init; }

    /// <summary>What cannot be undone is done when its size was named.</summary>
    public bool NeedsConfirmation { get; init; }

    /// <summary>The verb as JSON writes it.</summary>
    internal string Word => Verb.ToString().ToLowerInvariant();

    /// <summary>Reads the order in a request's body.</summary>
    /// <returns>The order, meaningless when there are faults; or the answer to a body that is none.</returns>
    internal static async Task<(BulkOrder? Order, IResult? Refused)> ReadAsync(
        HttpRequest request, BulkRoute route, Faults faults, CancellationToken cancellation)
    {
        using var body = await RequestBody.ReadAsync(request, Largest, cancellation);
        if (body.IsTooLarge)
        {
            return (null, Problems.OrderTooLarge(Largest));
        }

        if (!body.Bytes.IsEmpty && !request.HasJsonContentType())
        {
            return (null, Problems.UnsupportedMediaType(request.ContentType, "application/json"));
        }

        try
        {
            return Utf8.IsValid(body.Bytes.Span)
                ? (Read(body.Bytes.IsEmpty ? Nothing : body.Bytes, route, faults), null)
                : (null, Problems.InvalidJson("The body is not UTF-8. Encode it as UTF-8 and send it again."));
        }
        catch (JsonException exception)
        {
            return (null, Problems.InvalidJson(JsonSentence.From(exception)));
        }
        catch (InvalidOperationException)
        {
            return (null, Problems.InvalidJson("A text of the body holds half a surrogate pair. Write whole characters."));
        }
    }

    /// <summary>Reads an order.</summary>
    /// <param name="json">An object.</param>
    /// <param name="route">What it may say.</param>
    /// <param name="faults">Gets every fault; the order is meaningless then.</param>
    /// <exception cref="JsonException">It is not a JSON object.</exception>
    internal static BulkOrder Read(ReadOnlyMemory<byte> json, BulkRoute route, Faults faults)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("The body is not a JSON object.");
        }

        var fields = new BulkFields(route, faults);
        fields.Read(document.RootElement);
        var verb = route.Verb ?? fields.Verb ?? BulkVerb.Cancel;
        var filter = TaskFilterFields.Read(fields.Filters, faults);
        if (filter.IsEmpty && !fields.All)
        {
            faults.Add("filters", "They are empty, so every task would match. Give at least one, or say \"all\": true.");
        }

        fields.CheckFor(verb);
        return new BulkOrder
        {
            Verb = verb,
            Filter = filter with { Places = PlacesOf(verb), ButType = BulkActionHandler.Type },
            Priority = fields.Priority,
            QueueName = fields.QueueName,
            Canary = fields.Canary ?? 0,
            DryRun = fields.DryRun,
            Confirm = fields.Confirm,
            NeedsConfirmation = route.NeedsConfirmation,
            Json = fields.ToJson(verb),
        };
    }

    /// <summary>How many canaries an order may have.</summary>
    internal static bool IsCanary(int count) => count is >= 1 and <= MostCanaries;

    /// <summary>What to write, when a number of canaries is none.</summary>
    internal static string CanaryRule => $"Write a whole number from 1 to {MostCanaries}.";

    private static IReadOnlyList<TaskPlace> PlacesOf(BulkVerb verb) => verb switch
    {
        BulkVerb.Cancel or BulkVerb.Boost or BulkVerb.Move => [TaskPlace.Live],
        BulkVerb.Retry or BulkVerb.Delete => [TaskPlace.Dead],
        BulkVerb.Replay => [TaskPlace.Finished, TaskPlace.Dead],
    };
}
