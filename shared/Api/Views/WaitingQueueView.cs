namespace Millrace.Api.Views;

/// <summary>A queue, and how long its oldest due task has waited for a start.</summary>
internal sealed record WaitingQueueView(string QueueName, double WaitingSeconds);
