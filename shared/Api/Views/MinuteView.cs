namespace Millrace.Api.Views;

/// <summary>What happened in one minute. <c>failures</c> counts attempts, retried ones too.</summary>
internal sealed record MinuteView(DateTime Minute, long Submissions, long Completions, long Failures);
