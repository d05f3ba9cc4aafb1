using System.Text;
using BenchmarkDotNet.Attributes;
using Millrace.Lifecycle;
using Millrace.Store.Rows;
using Millrace.Submit;

namespace Millrace.Benchmarks.Micro;

/// <summary>From the bytes of one line to a task that can be stored.</summary>
public class SubmitPath
{
    private readonly byte[] line = Encoding.UTF8.GetBytes($$$"""{"type":"echo","queue_name":"default","data":{"id":1,"text":"{{{new string('x', 170)}}}"}}""");

    private readonly byte[] fullLine = Encoding.UTF8.GetBytes($$$"""
        {"type":"echo","queue_name":"default","priority":"high","delay_seconds":5,"max_retries":3,"retry_delay_seconds":1,"retry_backoff":2,"timeout_seconds":60,
         "context":{"tenant":"t"},"tags":["a","b"],"external_id":"order-1","data":{"id":1,"text":"{{{new string('x', 170)}}}"}}
        """);

    private readonly TaskDefaults defaults = new(new RetryPolicy(3, 5, 2, 3600), 3600, new HashSet<string>(["echo"], StringComparer.Ordinal));
    private readonly TaskId id = TaskId.New(TimeProvider.System);

    /// <summary>A task as the benchmarks send it.</summary>
    [Benchmark]
    public object Read() => Read(line);

    /// <summary>One that says everything.</summary>
    [Benchmark]
    public object ReadFull() => Read(fullLine);

    /// <summary>What a key costs besides: the canonical form and its hash.</summary>
    [Benchmark]
    public byte[] Hash() => CanonicalJson.Hash(line);

    private NewTask Read(byte[] text)
    {
        var faults = new Faults();
        return TaskDraft.ReadAlone(text, faults, defaults, id, null) ?? throw new InvalidOperationException(string.Join(' ', faults.ByField().Keys));
    }
}
