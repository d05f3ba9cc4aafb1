namespace Millrace.Tests.Chaos.Facts;

/// <summary>A cancel that was answered with 200: from that moment on the task has ended.</summary>
internal sealed record CancelAnswer(Guid Id, long AnsweredAt);
