using Npgsql;

namespace Millrace.Store;

/// <summary>
/// The results of a <see cref="StoreBatch"/>. Its later statements may fail while the first is read, and the transaction at its end: then too
/// <see cref="StoreSessions"/> hears of it, and what is thrown is the store's.
/// </summary>
internal sealed class StoreReader(NpgsqlDataReader reader, StoreSessions sessions, bool mayBeImpatient) : IAsyncDisposable
{
    internal int FieldCount => reader.FieldCount;

    internal Task<bool> ReadAsync(CancellationToken cancellation) => GuardAsync(reader.ReadAsync(cancellation));

    internal Task<bool> NextResultAsync(CancellationToken cancellation) => GuardAsync(reader.NextResultAsync(cancellation));

    internal int GetOrdinal(string name) => reader.GetOrdinal(name);

    internal bool IsDBNull(int column) => reader.IsDBNull(column);

    internal bool GetBoolean(int column) => reader.GetBoolean(column);

    internal short GetInt16(int column) => reader.GetInt16(column);

    internal int GetInt32(int column) => reader.GetInt32(column);

    internal long GetInt64(int column) => reader.GetInt64(column);

    internal float GetFloat(int column) => reader.GetFloat(column);

    internal double GetDouble(int column) => reader.GetDouble(column);

    internal Guid GetGuid(int column) => reader.GetGuid(column);

    internal string GetString(int column) => reader.GetString(column);

    internal DateTime GetDateTime(int column) => reader.GetDateTime(column);

    internal T GetFieldValue<T>(int column) => reader.GetFieldValue<T>(column);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await reader.DisposeAsync();
        }
        catch (Exception exception) when (Failure(exception) is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>Most rows are there already, and cost nothing more.</summary>
    private Task<bool> GuardAsync(Task<bool> read) => read.IsCompletedSuccessfully ? read : AwaitAsync(read);

    private async Task<bool> AwaitAsync(Task<bool> read)
    {
        try
        {
            return await read;
        }
        catch (Exception exception) when (Failure(exception) is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>Null for what can be thrown on as it is.</summary>
    private NpgsqlException? Failure(Exception exception) =>
        sessions.Saw(exception, mayBeImpatient) is { } failure && !ReferenceEquals(failure, exception) ? failure : null;
}
