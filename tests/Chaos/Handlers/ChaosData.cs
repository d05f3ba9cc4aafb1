namespace Millrace.Tests.Chaos.Handlers;

/// <summary>What a task of the programme asks of its handler.</summary>
/// <param name="Seconds">How long it works.</param>
/// <param name="Failures">How many of its first attempts fail.</param>
internal sealed record ChaosData(double Seconds = 0, int Failures = 0);
