namespace Millrace.Redis;

/// <summary>The accelerator. Setting <c>MILLRACE_REDIS</c>; without it the pipeline works by polling.</summary>
internal sealed class RedisOptions
{
    /// <summary>A StackExchange.Redis connection string; null when there is no Redis.</summary>
    public string? ConnectionString { get; set; }
}
