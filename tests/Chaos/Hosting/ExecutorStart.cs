namespace Millrace.Tests.Chaos.Hosting;

/// <summary>What an executor process is started with.</summary>
/// <param name="Name">Of its place in the fleet, for logs.</param>
/// <param name="Folder">For its own data and its log.</param>
/// <param name="WitnessFolder">Where its handlers are witnessed.</param>
/// <param name="Environment">Its settings.</param>
internal sealed record ExecutorStart(string Name, string Folder, string WitnessFolder, IReadOnlyDictionary<string, string> Environment);
