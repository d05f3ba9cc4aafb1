using Microsoft.AspNetCore.Http;

namespace Millrace.DeadLetters;

/// <summary>A retry's answer, and the queue that now has work; null when none has.</summary>
public sealed record DeadLetterRetry(IResult Answer, string? QueueName);
