using System.Net;
using System.Text.Json;

namespace Millrace.Local.Demo;

/// <summary>The body of the submission: one task per line, written as the file is read, in constant memory.</summary>
internal sealed class FlightLines : HttpContent
{
    private const int FlushBytes = 64 * 1024;

    private readonly FlightFile flights;
    private readonly string run;
    private readonly int skip;

    internal FlightLines(FlightFile flights, string run, int skip)
    {
        (this.flights, this.run, this.skip) = (flights, run, skip);
        Headers.ContentType = new("application/x-ndjson");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var lines = new MemoryStream(FlushBytes + 4_096);
        await using var json = new Utf8JsonWriter(lines);
        await foreach (var (row, flight) in flights.ReadAsync(skip, cancellationToken))
        {
            Write(json, row, flight);
            lines.WriteByte((byte)'\n');
            json.Reset();
            if (lines.Length >= FlushBytes)
            {
                await SendAsync(lines, stream, cancellationToken);
            }
        }

        await SendAsync(lines, stream, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private void Write(Utf8JsonWriter json, int row, JsonElement flight)
    {
        json.WriteStartObject();
        json.WriteString("type", "flight");
        json.WriteString("queue_name", DemoStore.Queue);
        json.WriteNumber("max_retries", 2);
        json.WriteNumber("retry_delay_seconds", 0.5);
        json.WriteStartArray("tags");
        json.WriteStringValue(run);
        json.WriteEndArray();
        json.WriteStartObject("context");
        json.WriteNumber("row", row);
        json.WriteEndObject();
        json.WritePropertyName("data");
        flight.WriteTo(json);
        json.WriteEndObject();
        json.Flush();
    }

    private static async Task SendAsync(MemoryStream lines, Stream stream, CancellationToken cancellation)
    {
        await stream.WriteAsync(lines.GetBuffer().AsMemory(0, (int)lines.Length), cancellation);
        await stream.FlushAsync(cancellation);
        lines.SetLength(0);
    }
}
