using System.Globalization;
using Millrace.Store.Rows;

namespace Millrace.Submit;

/// <summary>The key of a request and, where it holds many tasks, the place of one of them: a whole request can be sent again.</summary>
internal readonly record struct RequestKey(string Text, long? Place)
{
    /// <summary>Null when the request has no key.</summary>
    internal static RequestKey? Of(string? text, long? place = null) => text is null ? null : new RequestKey(text, place);

    /// <summary>A scope of its own for parts, for somebody's whole key may look like another's part.</summary>
    internal IdempotencyKey With(byte[] hash) => Place is { } place
        ? new IdempotencyKey(IdempotencyKey.Part, string.Create(CultureInfo.InvariantCulture, $"{Text}#{place}"), hash)
        : new IdempotencyKey(IdempotencyKey.Request, Text, hash);
}
