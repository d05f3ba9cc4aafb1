using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Api.Answers;

/// <summary>The ETag of a task: its state and whether its result is past its time, which change with time alone, and the version of its row.</summary>
internal static class TaskTag
{
    internal static string Of(StoredTask task)
    {
        var isPast = task is { ResultExpiresAt: not null, Result: null };
        return $"\"{task.State.Word()}-{task.Version}{(isPast ? "-past" : string.Empty)}\"";
    }

    /// <summary>Whether the client has this version already.</summary>
    internal static bool Matches(StringValues ifNoneMatch, StoredTask task) =>
        ifNoneMatch.Count > 0
        && EntityTagHeaderValue.TryParseList(ifNoneMatch, out var tags)
        && tags.Any(tag => tag.Tag == "*" || tag.Tag == Of(task));

    internal static IResult NotModified(StoredTask task) => new NotModifiedAnswer(Of(task));

    /// <summary>
    /// The row's version that an edit expects, from <c>If-Match</c>; null when any will do. Only the row counts: a task that has
    /// become due meanwhile is still the one that was read.
    /// </summary>
    /// <param name="ifMatch">The header.</param>
    /// <param name="version">The version; empty when the header names none that a task could have.</param>
    /// <returns>False when there is no condition.</returns>
    internal static bool TryReadCondition(StringValues ifMatch, out string? version)
    {
        version = null;
        if (ifMatch.Count == 0 || ifMatch == "*")
        {
            return false;
        }

        version = string.Empty;
        if (EntityTagHeaderValue.TryParseList(ifMatch, out var tags) && tags is [{ IsWeak: false } tag])
        {
            var text = tag.Tag.AsSpan().Trim('"');
            version = text[(text.IndexOf('-') + 1)..].ToString();
        }

        return true;
    }
}
