namespace Millrace.Redis;

/// <summary>Every key and channel of ours. Every key has a TTL.</summary>
internal static class RedisKeys
{
    /// <summary>Channel: a queue's name is published when it has new due work.</summary>
    internal const string WorkChannel = "millrace:work";

    /// <summary>Channel: a task's id is published when somebody asks for its end.</summary>
    internal const string CancelChannel = "millrace:cancel";

    /// <summary>How long a minute's live counters are kept.</summary>
    internal static readonly TimeSpan LiveLife = TimeSpan.FromHours(2);

    /// <summary>Hash of live counters of one minute, named by its Unix time in minutes.</summary>
    internal static string Live(long minute) => $"millrace:live:{minute}";
}
