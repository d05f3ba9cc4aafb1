using Azure;
using Azure.Storage.Queues.Models;

namespace Millrace.Local.Hosting.Queues;

/// <summary>What a refusal of the queue service means.</summary>
internal static class QueueFailures
{
    public static bool IsLostReceipt(RequestFailedException exception) =>
        exception.ErrorCode == QueueErrorCode.PopReceiptMismatch;

    /// <summary>The message is no longer ours; there is nothing left to complete.</summary>
    public static bool IsGone(RequestFailedException exception) =>
        IsLostReceipt(exception) || exception.Status == 404;

    /// <summary>The queue is missing, being deleted, or its server is ill: look again later.</summary>
    public static bool IsQueueAway(RequestFailedException exception) => exception.Status is 404 or 409 or >= 500;
}
