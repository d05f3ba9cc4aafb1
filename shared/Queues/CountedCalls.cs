using Azure.Core;
using Azure.Core.Pipeline;
using Millrace.Store;

namespace Millrace.Queues;

/// <summary>Every request to the storage account is paid for, a repeated one too.</summary>
internal sealed class CountedCalls(CostMeter costs) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message) => costs.Add(CostKind.StorageQueueCalls);
}
