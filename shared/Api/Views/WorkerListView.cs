namespace Millrace.Api.Views;

/// <summary>The executors that speak, and those that fell silent lately.</summary>
internal sealed record WorkerListView(IReadOnlyList<WorkerView> Workers, int Total, int Active, int Lost, int Capacity, int CurrentLoad);
