using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>A length of time as the API writes it: a number of seconds.</summary>
internal sealed class SecondsConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TimeSpan.FromSeconds(reader.GetDouble());

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options)
    {
        if (value.Ticks % TimeSpan.TicksPerSecond == 0)
        {
            writer.WriteNumberValue(value.Ticks / TimeSpan.TicksPerSecond);
        }
        else
        {
            writer.WriteNumberValue(value.TotalSeconds);
        }
    }
}
