namespace Millrace.Client;

public sealed partial class MillraceClient
{
    /// <summary>The executors that speak, and those that fell silent lately.</summary>
    public Task<WorkerList> GetWorkersAsync(CancellationToken cancellation = default) =>
        AskAsync(Get("api/v1/workers/status/all"), MillraceJson.Plain.WorkerList, cancellation);

    /// <summary>One of them; null when none of that id has reported.</summary>
    public Task<WorkerInfo?> GetWorkerAsync(Guid id, CancellationToken cancellation = default) =>
        FindAsync(Get($"api/v1/workers/{id:D}/status"), MillraceJson.Plain.WorkerInfo, cancellation);
}
