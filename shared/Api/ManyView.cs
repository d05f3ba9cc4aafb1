namespace Millrace.Api;

/// <summary>What became of an array of tasks, item by item.</summary>
internal sealed record ManyView(int Accepted, int Refused, IReadOnlyList<ItemView> Items);
