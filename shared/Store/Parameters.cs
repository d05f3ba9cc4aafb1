using Npgsql;
using NpgsqlTypes;

namespace Millrace.Store;

/// <summary>Positional, typed parameters: <c>$1</c> is the first added.</summary>
internal static class Parameters
{
    internal static NpgsqlParameterCollection With<T>(this NpgsqlParameterCollection parameters, T value)
    {
        parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return parameters;
    }

    /// <summary>A text that may be null.</summary>
    internal static NpgsqlParameterCollection WithText(this NpgsqlParameterCollection parameters, string? value) =>
        parameters.WithNullable(value, NpgsqlDbType.Text);

    /// <summary>A moment that may be null.</summary>
    internal static NpgsqlParameterCollection WithTime(this NpgsqlParameterCollection parameters, DateTimeOffset? value) =>
        parameters.WithNullable(value?.ToUniversalTime(), NpgsqlDbType.TimestampTz);

    /// <summary>An id that may be null.</summary>
    internal static NpgsqlParameterCollection WithId(this NpgsqlParameterCollection parameters, Guid? value) =>
        parameters.WithNullable(value, NpgsqlDbType.Uuid);

    /// <summary>Texts that may be null altogether.</summary>
    internal static NpgsqlParameterCollection WithTexts(this NpgsqlParameterCollection parameters, string[]? values) =>
        parameters.WithNullable(values, NpgsqlDbType.Array | NpgsqlDbType.Text);

    /// <summary>JSON texts as UTF-8; a null element is SQL NULL.</summary>
    internal static NpgsqlParameterCollection WithJson(this NpgsqlParameterCollection parameters, byte[]?[] values)
    {
        parameters.Add(new NpgsqlParameter { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Json });
        return parameters;
    }

    /// <summary>One JSON text as UTF-8, or SQL NULL.</summary>
    internal static NpgsqlParameterCollection WithJson(this NpgsqlParameterCollection parameters, byte[]? value) =>
        parameters.WithNullable(value, NpgsqlDbType.Json);

    /// <summary>One JSON text as UTF-8, for a column of type jsonb.</summary>
    internal static NpgsqlParameterCollection WithJsonb(this NpgsqlParameterCollection parameters, byte[] value) =>
        parameters.WithNullable(value, NpgsqlDbType.Jsonb);

    private static NpgsqlParameterCollection WithNullable(this NpgsqlParameterCollection parameters, object? value, NpgsqlDbType type)
    {
        parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        return parameters;
    }
}
