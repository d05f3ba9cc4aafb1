using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>A filter as the object that bodies have it in: the names of the query, a priority as a number.</summary>
internal sealed class FilterConverter : JsonConverter<TaskFilter>
{
    public override TaskFilter Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("A filter is only sent.");

    public override void Write(Utf8JsonWriter writer, TaskFilter value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, text) in value.Parameters())
        {
            if (name == "priority")
            {
                writer.WriteNumber(name, int.Parse(text, CultureInfo.InvariantCulture));
            }
            else
            {
                writer.WriteString(name, text);
            }
        }

        writer.WriteEndObject();
    }
}
