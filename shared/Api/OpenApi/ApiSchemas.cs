using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Millrace.Api.Views;

namespace Millrace.Api.OpenApi;

/// <summary>
/// The schemas of the document. A view's is made from the type that is written, each type once, by its name. What may be
/// null is not required, and never null: it is left out.
/// </summary>
internal sealed class ApiSchemas
{
    private readonly JsonSchemaExporterOptions options;

    internal ApiSchemas()
    {
        options = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };
        foreach (var (name, schema) in ApiBodies.Named)
        {
            All[name] = schema.DeepClone();
        }
    }

    internal JsonObject All { get; } = [];

    internal JsonObject Reference(JsonTypeInfo view)
    {
        var name = view.Type.Name;
        if (!All.ContainsKey(name))
        {
            All[name] = new JsonObject();
            All[name] = view.GetJsonSchemaAsNode(options);
        }

        return Shape.Named(name);
    }

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (type == typeof(RawJson))
        {
            return new JsonObject { ["description"] = "Any JSON, to the letter." };
        }

        var isObject = context.TypeInfo.Kind == JsonTypeInfoKind.Object;
        if (isObject && !context.Path.IsEmpty)
        {
            return Reference(context.TypeInfo);
        }

        if (schema is JsonObject shape)
        {
            RefuseNull(shape);
            if (isObject)
            {
                shape["required"] = Required(context.TypeInfo);
            }
        }

        return schema;
    }

    private static void RefuseNull(JsonObject shape)
    {
        if (shape["type"] is JsonArray types
            && types.Select(static one => one!.GetValue<string>()).Where(static word => word != "null").ToList() is [var only])
        {
            shape["type"] = only;
        }
    }

    private static JsonArray Required(JsonTypeInfo type) =>
        [.. type.Properties.Where(IsAlwaysWritten).Select(static property => (JsonNode)property.Name)];

    private static bool IsAlwaysWritten(JsonPropertyInfo property) =>
        property.Get is not null && !property.IsGetNullable && Nullable.GetUnderlyingType(property.PropertyType) is null;
}
