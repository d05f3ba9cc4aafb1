namespace Millrace.Redis;

/// <summary>Every key and channel of ours. Every key has a TTL.</summary>
internal static class RedisKeys
{
    /// <summary>The channel of all signals; the message is the topic.</summary>
    internal const string SignalChannel = "millrace:signal";

    /// <summary>Topic: somebody asked for the end of a running task.</summary>
    internal const string CancelTopic = "cancel";

    /// <summary>Topic: the queue has new due work.</summary>
    internal static string WorkTopic(string queueName) => $"work/{queueName}";

    /// <summary>How long a minute's live counters are kept.</summary>
    internal static readonly TimeSpan LiveLife = TimeSpan.FromHours(2);

    /// <summary>Hash of live counters of one minute, named by its Unix time in minutes.</summary>
    internal static string Live(long minute) => $"millrace:live:{minute}";

    /// <summary>What a caller of the API has used of its budget; kept until that is whole again.</summary>
    internal static string Budget(string caller) => $"millrace:api:budget:{caller}";
}
