namespace Millrace.Tests.Chaos.Sending;

/// <summary>What became of one item of an array: 202 accepted, 200 accepted before under the same key.</summary>
internal sealed record ItemAnswer(int Index, int Status, Guid? Id);
