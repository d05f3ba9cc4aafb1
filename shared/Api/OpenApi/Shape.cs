using System.Text.Json.Nodes;

namespace Millrace.Api.OpenApi;

/// <summary>JSON Schema of what clients send, in words.</summary>
internal static class Shape
{
    internal static JsonObject Any() => [];

    internal static JsonObject Text(int shortest = 0, int longest = 0, string? format = null)
    {
        var shape = new JsonObject { ["type"] = "string" };
        Set(shape, "minLength", shortest == 0 ? null : shortest);
        Set(shape, "maxLength", longest == 0 ? null : longest);
        Set(shape, "format", format);
        return shape;
    }

    internal static JsonObject Moment() => Text(format: "date-time");

    internal static JsonObject Word(params string[] words) =>
        new() { ["type"] = "string", ["enum"] = new JsonArray([.. words.Select(static word => (JsonNode)word)]) };

    internal static JsonObject Flag() => new() { ["type"] = "boolean" };

    internal static JsonObject Whole(long least, long? most = null, long? otherwise = null)
    {
        var shape = new JsonObject { ["type"] = "integer", ["minimum"] = least };
        Set(shape, "maximum", most);
        Set(shape, "default", otherwise);
        return shape;
    }

    internal static JsonObject Number(double least, double most, double? otherwise = null)
    {
        var shape = new JsonObject { ["type"] = "number", ["minimum"] = least, ["maximum"] = most };
        Set(shape, "default", otherwise);
        return shape;
    }

    internal static JsonObject List(JsonObject item, int most) => new() { ["type"] = "array", ["items"] = item, ["maxItems"] = most };

    internal static JsonObject OneOf(params JsonObject[] shapes) => new() { ["oneOf"] = new JsonArray([.. shapes]) };

    /// <summary>An object with these members and no others.</summary>
    internal static JsonObject Object(params (string Name, JsonObject Shape)[] members) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(members.Select(static member => KeyValuePair.Create(member.Name, (JsonNode?)member.Shape))),
        ["additionalProperties"] = false,
    };

    /// <summary>An object with any members.</summary>
    internal static JsonObject AnyObject() => new() { ["type"] = "object" };

    /// <summary>The schema of <see cref="ApiBodies.Named"/> with this name.</summary>
    internal static JsonObject Named(string name) => new() { ["$ref"] = "#/components/schemas/" + name };

    /// <summary>A priority: a number or a word for one.</summary>
    internal static JsonObject Priority() => OneOf(Whole(1, 10), Word("low", "normal", "high", "critical"));

    internal static JsonObject With(this JsonObject shape, string keyword, JsonNode value)
    {
        shape[keyword] = value;
        return shape;
    }

    private static void Set(JsonObject shape, string keyword, JsonNode? value)
    {
        if (value is not null)
        {
            shape[keyword] = value;
        }
    }
}
