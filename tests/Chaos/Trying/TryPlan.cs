namespace Millrace.Tests.Chaos.Trying;

/// <summary>Where a try works and what it is called.</summary>
/// <param name="Folder">For its servers, logs and witness.</param>
/// <param name="Tools">Where the servers' programs are installed.</param>
/// <param name="Root">The repository.</param>
/// <param name="Say">Where progress goes.</param>
internal sealed record TryPlan(string Folder, string Tools, string Root, Action<string> Say);
