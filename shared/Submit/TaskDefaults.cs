using Millrace.Lifecycle;

namespace Millrace.Submit;

/// <summary>What a task gets that does not say, and the types that this app can run.</summary>
internal sealed record TaskDefaults(RetryPolicy Retries, int TimeoutSeconds, IReadOnlySet<string> Types);
