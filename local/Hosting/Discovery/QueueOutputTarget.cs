namespace Millrace.Local.Hosting.Discovery;

/// <summary>Where a function's return value is sent.</summary>
internal sealed record QueueOutputTarget(string QueueName, string ConnectionString);
