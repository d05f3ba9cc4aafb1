namespace Millrace.Client;

/// <summary>The body of a boost.</summary>
internal sealed record PriorityOrder(int? Priority);
