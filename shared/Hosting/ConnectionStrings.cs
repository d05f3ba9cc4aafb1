using Azure.Storage.Queues;
using Npgsql;
using StackExchange.Redis;

namespace Millrace.Hosting;

/// <summary>Connection strings are read by their own libraries, before anything connects. Their text is never repeated: it may hold a password.</summary>
internal static class ConnectionStrings
{
    /// <summary>What is wrong with the connection string of a section, and what to write; null when nothing is.</summary>
    internal static string? Fault(string section, string name, string value)
    {
        try
        {
            switch (section.ToUpperInvariant())
            {
                case "STORE":
                    _ = new NpgsqlConnectionStringBuilder(value);
                    break;
                case "STORAGE":
                    _ = new QueueServiceClient(value);
                    break;
                default:
                    _ = ConfigurationOptions.Parse(value);
                    break;
            }

            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return $"{name} is not a connection string. Write one like {Example(section)}.";
        }
    }

    private static string Example(string section) => section.ToUpperInvariant() switch
    {
        "STORE" => "Host=db;Database=millrace;Username=millrace;Password=…",
        "STORAGE" => "UseDevelopmentStorage=true, or DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…;EndpointSuffix=core.windows.net",
        _ => "cache:6379,password=…,ssl=true",
    };
}
