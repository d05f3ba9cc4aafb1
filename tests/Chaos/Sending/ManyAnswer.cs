namespace Millrace.Tests.Chaos.Sending;

/// <summary>What the API answers to an array.</summary>
internal sealed record ManyAnswer(IReadOnlyList<ItemAnswer> Items);
