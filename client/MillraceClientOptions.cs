namespace Millrace.Client;

/// <summary>Where the API is, the key it asks for, and how patient the client is.</summary>
public sealed class MillraceClientOptions
{
    /// <summary>The root of the API, like <c>https://millrace.example.com/</c>. Must be given.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>The function key, sent as <c>x-functions-key</c>. What destroys (purge, clear) asks for an admin key. None locally.</summary>
    public string? FunctionKey { get; set; }

    /// <summary>How long one attempt of a call may take. Waiting for a result has its own time on top; a stream of tasks has no limit.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a call may take with all of its attempts and the waits between them.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Attempts after the first, of calls that may be repeated safely; 0 switches repeating off.</summary>
    public int MaxRetries { get; set; } = 4;

    /// <summary>The first wait before an attempt is repeated; each next one is about twice as long. A <c>Retry-After</c> is obeyed instead.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Calls under way at once; more wait for their turn.</summary>
    public int MaxConcurrentCalls { get; set; } = 1_000;
}
