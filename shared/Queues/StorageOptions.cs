namespace Millrace.Queues;

/// <summary>Where the storage queues are. The triggers use the same setting, <c>AzureWebJobsStorage</c>.</summary>
internal sealed class StorageOptions
{
    /// <summary>A storage connection string.</summary>
    public string ConnectionString { get; set; } = string.Empty;
}
