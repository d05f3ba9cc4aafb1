namespace Millrace.Local.Hosting.Invocation;

/// <summary>What all invocations of a host share.</summary>
/// <param name="Services">The app's root services.</param>
/// <param name="Timeout">functionTimeout; null means none.</param>
/// <param name="Time">The host's clock.</param>
/// <param name="Stopping">Cancelled when work in flight is asked to stop; never in drain mode.</param>
internal sealed record InvocationEnvironment(
    IServiceProvider Services,
    TimeSpan? Timeout,
    TimeProvider Time,
    CancellationToken Stopping);
