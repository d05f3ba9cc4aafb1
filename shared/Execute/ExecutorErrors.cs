using System.Collections.Concurrent;
using System.Text.Json;
using Millrace.Store;

namespace Millrace.Execute;

/// <summary>Attempts that failed in this process, by type. The heart writes them down; types are bounded, for an unknown one is not accepted.</summary>
internal sealed class ExecutorErrors
{
    private readonly ConcurrentDictionary<string, long> counts = new(StringComparer.Ordinal);

    internal void Count(string type) => counts.AddOrUpdate(type, 1, static (_, n) => n + 1);

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(new(counts), StoreJson.Default.DictionaryStringInt64);
}
