namespace Millrace.Client;

/// <summary>The executors that speak, and those that fell silent lately.</summary>
public sealed record WorkerList
{
    public IReadOnlyList<WorkerInfo> Workers { get; init => field = value ?? []; } = [];

    public int Total { get; init; }

    public int Active { get; init; }

    public int Lost { get; init; }

    public int Capacity { get; init; }

    public int CurrentLoad { get; init; }
}
