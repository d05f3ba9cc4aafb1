using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Api.Views;

/// <summary>Writes without a second look, for PostgreSQL has parsed it: the writer would refuse numbers that it cannot hold.</summary>
internal sealed class RawJsonConverter : JsonConverter<RawJson>
{
    public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("RawJson is only written; read the body's bytes instead.");

    public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
}
