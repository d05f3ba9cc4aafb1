using System.Text;
using System.Text.Json;

namespace Millrace.Submit;

internal sealed partial class EventDraft
{
    /// <summary>Reads the object that <paramref name="reader"/> stands on: an event in the JSON format.</summary>
    /// <exception cref="JsonException">The text is not JSON, or not an object.</exception>
    internal void Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> source)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException(
                "A CloudEvent is a JSON object, like {\"specversion\": \"1.0\", \"id\": \"1\", \"source\": \"/orders\", \"type\": \"echo\", \"data\": {}}.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = TaskDraft.Text(ref reader);
            reader.Read();
            switch (name)
            {
                case "data": ReadData(ref reader, source); break;
                case "data_base64": ReadBinary(ref reader); break;
                default: ReadAttribute(ref reader, name); break;
            }
        }
    }

    private void ReadData(ref Utf8JsonReader reader, ReadOnlySpan<byte> source)
    {
        FaultIfGiven("data");
        data = TaskDraft.Raw(ref reader, source);
    }

    private void ReadBinary(ref Utf8JsonReader reader)
    {
        FaultIfGiven("data_base64");
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.String || !TryBytes(ref reader, out binary))
        {
            faults.Add("data_base64", "Write base64 as a text.");
            reader.Skip();
        }
    }

    private static bool TryBytes(ref Utf8JsonReader reader, out byte[]? bytes)
    {
        bytes = null;
        return !reader.ValueIsEscaped && reader.TryGetBytesFromBase64(out bytes);
    }

    private void FaultIfGiven(string field)
    {
        if (data is not null || binary is not null)
        {
            faults.Add(field, "An event has data or data_base64, once.");
        }
    }

    /// <summary>One that is null is the same as one that is not there.</summary>
    private void ReadAttribute(ref Utf8JsonReader reader, string name)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                break;
            case JsonTokenType.String:
                Add(name, TaskDraft.Text(ref reader));
                break;
            case JsonTokenType.True or JsonTokenType.False:
                Add(name, reader.TokenType == JsonTokenType.True ? "true" : "false", isLiteral: true);
                break;
            case JsonTokenType.Number when reader.TryGetInt32(out _):
                Add(name, Encoding.ASCII.GetString(reader.ValueSpan), isLiteral: true);
                break;
            default:
                faults.Add(Shown(name), $"Write a text, a whole number of 32 bits, true or false; {TaskDraft.Kind(ref reader)} like this is no attribute.");
                reader.Skip();
                break;
        }
    }
}
