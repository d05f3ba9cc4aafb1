using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Azure.Storage.Queues.Models;

namespace Millrace.Local.Hosting.Queues;

/// <summary>One message on its way into a function, decoded, in every shape a trigger parameter may have.</summary>
internal sealed class QueueDelivery(QueueMessage raw, byte[] body)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public byte[] Body => body;

    public byte[] Bytes => body;

    public string Text => field ??= Encoding.UTF8.GetString(body);

    /// <summary>Made from the text, as the real converter does: bytes that are no UTF-8 do not survive. Take byte[] for those.</summary>
    public BinaryData Binary => BinaryData.FromString(Text);

    public QueueMessage Message => QueuesModelFactory.QueueMessage(
        raw.MessageId, raw.PopReceipt, BinaryData.FromBytes(body), raw.DequeueCount, raw.NextVisibleOn, raw.InsertedOn, raw.ExpiresOn);

    public static bool TryDecode(QueueMessage message, bool isBase64, [NotNullWhen(true)] out QueueDelivery? delivery)
    {
        delivery = null;
        var bytes = message.Body?.ToArray() ?? [];
        if (!isBase64)
        {
            delivery = new QueueDelivery(message, bytes);
            return true;
        }

        try
        {
            delivery = new QueueDelivery(message, Convert.FromBase64String(Encoding.UTF8.GetString(bytes)));
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>A message that never was in a queue: a manual run.</summary>
    public static QueueDelivery FromInput(string input, DateTimeOffset now)
    {
        var body = Encoding.UTF8.GetBytes(input);
        var id = Guid.CreateVersion7(now).ToString();
        return new QueueDelivery(
            QueuesModelFactory.QueueMessage(id, string.Empty, BinaryData.FromBytes(body), 1, now, now, now.AddDays(7)), body);
    }

    /// <summary>The keys of the real trigger; QueueTrigger is absent when the body is no text.</summary>
    public void AddTo(Dictionary<string, object?> data)
    {
        if (StrictText() is { } text)
        {
            data["QueueTrigger"] = text;
        }

        data["DequeueCount"] = raw.DequeueCount.ToString(CultureInfo.InvariantCulture);
        data["ExpirationTime"] = Time(raw.ExpiresOn);
        data["Id"] = raw.MessageId;
        data["InsertionTime"] = Time(raw.InsertedOn);
        data["NextVisibleTime"] = Time(raw.NextVisibleOn);
        data["PopReceipt"] = raw.PopReceipt;
    }

    private static string? Time(DateTimeOffset? time) => time?.ToString("O", CultureInfo.InvariantCulture);

    private string? StrictText()
    {
        try
        {
            return Strict.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
