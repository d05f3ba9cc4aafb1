using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Millrace.Api.OpenApi;

namespace Millrace.Tests.Api;

/// <summary>A request that is shaped as an operation says, or nearly so.</summary>
internal sealed record FuzzedRequest(string Method, string Url, IReadOnlyList<KeyValuePair<string, string>> Headers, string? MediaType, byte[] Body)
{
    private const int MostNested = 4;

    private static readonly Gen<string> Odd = Gen.OneOf(
        "", " ", "0", "-1", "1e400", "99999999999999999999", "null", "true", "a", "ä", "\u0000", "\u0001", "%", "%00", "../..", "'", "\"", "\\",
        "\ud800", "\U0001F600", "default", "18446744073709551616", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "00000000-0000-0000-0000-000000000000",
        "NaN", "data.", "data..a", "data.a.b", new string('x', 5_000));

    private static readonly Gen<JsonNode?> OddJson = Gen.OneOf<JsonNode?>(
        Odd.Select(static text => (JsonNode?)JsonValue.Create(text.Replace('\ud800', 'x'))),
        Gen.Double.Where(double.IsFinite).Select(static number => (JsonNode?)JsonValue.Create(number)),
        Gen.Long.Select(static number => (JsonNode?)JsonValue.Create(number)),
        Gen.Const<JsonNode?>(() => null),
        Gen.Const<JsonNode?>(() => new JsonArray(new JsonArray(), 1, null)),
        Gen.Const<JsonNode?>(() => new JsonObject { ["a"] = new JsonObject { [""] = 1 } }));

    internal static Gen<FuzzedRequest> Any(IReadOnlyList<ApiOperation> operations) => Gen.OneOf(operations.ToArray()).SelectMany(Of);

    public override string ToString() =>
        $"{Method} {Url} [{string.Join(", ", Headers.Select(static header => $"{header.Key}: {header.Value}"))}] {MediaType} {Encoding.UTF8.GetString(Body)}";

    private static Gen<FuzzedRequest> Of(ApiOperation operation)
    {
        var headers = Some(operation.Headers.Select(static one => (one.Name, one.Schema)).Append(("Accept-Encoding", Shape.Word("br", "gzip;q=0", "*"))));
        var body = operation.Bodies.Count == 0 ? Gen.Const(((string?)null, Array.Empty<byte>())) : Gen.OneOf(operation.Bodies.ToArray()).SelectMany(Content);
        return Gen.Select(
            Gen.Frequency<string>((9, Gen.Const(operation.Method)), (1, Gen.OneOf("HEAD", "GET", "POST", "PUT", "DELETE", "PATCH"))),
            Path(operation.Path),
            Some(operation.Query.Select(static one => (one.Name, one.Schema)).Append(("nobody", Shape.Text()))),
            headers,
            body,
            static (method, path, query, sent, content) => new FuzzedRequest(
                method,
                path + "?" + string.Join('&', query.Select(static one => $"{Uri.EscapeDataString(one.Key)}={Escape(one.Value)}")),
                sent,
                content.Item1,
                content.Item2));
    }

    /// <summary>Each part in braces filled with an id, a word, or something odd.</summary>
    private static Gen<string> Path(string template) => Gen.OneOf<string>(
            Gen.Const(() => Guid.CreateVersion7().ToString()), Gen.OneOf("default", "echo", "retrying"), Odd.Where(static text => text.Length > 0))
        .Array[8].Select(values => string.Join('/', template.TrimStart('/').Split('/').Select((part, index) =>
            part.StartsWith('{') ? Escape(values[index % values.Length]) : part)));

    /// <summary>A few of the parameters, with values of their shapes or others; one now and then twice.</summary>
    private static Gen<List<KeyValuePair<string, string>>> Some(IEnumerable<(string Name, JsonObject Schema)> parameters)
    {
        Gen<KeyValuePair<string, string>>[] each = [.. parameters.Select(static one =>
            Gen.Frequency<string>((3, Value(one.Schema, 0).Select(static json => json?.ToString() ?? string.Empty)), (1, Odd))
                .Select(value => KeyValuePair.Create(one.Name, value)))];
        return Gen.OneOf<KeyValuePair<string, string>>(each).List[0, 4];
    }

    private static Gen<(string?, byte[])> Content(ApiBody body)
    {
        var type = Gen.Frequency<string?>((8, Gen.Const<string?>(body.MediaType)), (1, Gen.OneOf<string?>("text/plain", "application/", null, "application/json; charset=x")));
        var whole = Value(body.Schema, 0).Select(static json => Encoding.UTF8.GetBytes(json?.ToJsonString() ?? "null"));
        var lines = whole.Array[0, 4].Select(static each => each.SelectMany(static line => (byte[])[.. line, (byte)'\n']).ToArray());
        var bytes = Gen.Frequency<byte[]>((8, body.MediaType.EndsWith("ndjson", StringComparison.Ordinal) ? lines : whole), (1, Gen.Byte.Array[0, 40]));
        var cut = Gen.Select(bytes, Gen.Int[0, 200], static (sent, length) => sent[..Math.Min(sent.Length, length)]);
        return Gen.Select(type, Gen.Frequency<byte[]>((4, bytes), (1, cut)), static (media, sent) => (media, sent));
    }

    /// <summary>What the schema asks for; one value in eight is something else.</summary>
    private static Gen<JsonNode?> Value(JsonObject schema, int depth) =>
        Gen.Frequency<JsonNode?>((7, depth > MostNested ? OddJson : Shaped(schema, depth)), (1, OddJson));

    private static Gen<JsonNode?> Shaped(JsonObject schema, int depth)
    {
        if (schema["$ref"]?.GetValue<string>() is { } name)
        {
            return Shaped(ApiBodies.Named[name[(name.LastIndexOf('/') + 1)..]], depth);
        }

        if (schema["oneOf"] is JsonArray choices)
        {
            return Gen.OneOf<JsonNode?>(choices.Select(choice => Value(choice!.AsObject(), depth + 1)).ToArray());
        }

        if (schema["enum"] is JsonArray words)
        {
            return Gen.OneOf(words.Select(static word => word!.GetValue<string>()).ToArray()).Select(static word => (JsonNode?)JsonValue.Create(word));
        }

        return schema["type"]?.GetValue<string>() switch
        {
            "object" => Members(schema, depth),
            "array" => Value(schema["items"]!.AsObject(), depth + 1).Array[0, 3].Select(static items => (JsonNode?)new JsonArray([.. items.Select(static item => item?.DeepClone())])),
            "integer" => Gen.Long[Least(schema), Most(schema)].Select(static number => (JsonNode?)JsonValue.Create(number)),
            "number" => Gen.Double[Least(schema), Most(schema)].Select(static number => (JsonNode?)JsonValue.Create(number)),
            "boolean" => Gen.Bool.Select(static flag => (JsonNode?)JsonValue.Create(flag)),
            "string" => Gen.OneOf("echo", "default", "a", "2027-01-31T08:00:00Z", "30s", "q").Select(static text => (JsonNode?)JsonValue.Create(text)),
            _ => OddJson,
        };
    }

    private static Gen<JsonNode?> Members(JsonObject schema, int depth)
    {
        Gen<KeyValuePair<string, JsonNode?>>[] members = [.. (schema["properties"]?.AsObject() ?? []).Select(member =>
            Value(member.Value!.AsObject(), depth + 1).Select(value => KeyValuePair.Create(member.Key, value)))];
        return members.Length == 0
            ? OddJson
            : Gen.OneOf<KeyValuePair<string, JsonNode?>>(members).Array[0, 6].Select(static some => (JsonNode?)new JsonObject(
                some.DistinctBy(static member => member.Key).Select(static member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))));
    }

    private static long Least(JsonObject schema) => Bound(schema["minimum"], 0);

    private static long Most(JsonObject schema) => Bound(schema["maximum"], 100_000);

    private static long Bound(JsonNode? bound, long otherwise) =>
        bound is null ? otherwise : (long)double.Parse(bound.ToJsonString(), CultureInfo.InvariantCulture);

    /// <summary>Any text as UTF-8; a lone surrogate as the bytes that a careless client makes of it.</summary>
    private static string Escape(string text) => string.Concat(text.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'
        ? c.ToString()
        : string.Concat(Bytes(c).Select(static one => "%" + one.ToString("X2", CultureInfo.InvariantCulture)))));

    private static byte[] Bytes(char c) => char.IsSurrogate(c) ? [0xED, 0xA0, 0x80] : Encoding.UTF8.GetBytes(c.ToString());
}
