using Millrace.Store.Rows;

namespace Millrace.Submit;

/// <summary>The names under which a submission is accepted once.</summary>
internal static class SubmissionKeys
{
    internal const int Longest = 200;

    /// <summary>Of source and id of an event together; PostgreSQL's index takes no more than 2,700 bytes.</summary>
    internal const int LongestEvent = 800;

    /// <summary>What to write, when a key is none.</summary>
    internal static readonly string Rule = $"Write 1 to {Longest} characters, none of them a control character.";

    internal static bool IsKey(string text) =>
        text.Length is > 0 and <= Longest && !text.Any(static c => char.IsControl(c) || char.IsSurrogate(c) || c == '\uFFFD');

    /// <summary>The task with its keys; most tasks have none, and cost nothing here.</summary>
    /// <param name="task">As it was read.</param>
    /// <param name="requestKey">Null when the request has none.</param>
    /// <param name="text">The task's JSON, as it was sent.</param>
    internal static NewTask WithKeys(NewTask task, RequestKey? requestKey, ReadOnlySpan<byte> text)
    {
        if (requestKey is null && task.ExternalId is null)
        {
            return task;
        }

        var hash = CanonicalJson.Hash(text);
        List<IdempotencyKey> keys = [];
        if (requestKey is { } key)
        {
            keys.Add(key.With(hash));
        }

        if (task.ExternalId is { } external)
        {
            keys.Add(new(IdempotencyKey.External, external, hash));
        }

        return task with { Keys = keys };
    }

    /// <summary>
    /// A task that came as an event. The same event is one with the same type and data: on its way it may get other extensions,
    /// and may come in a header once and as JSON the next time.
    /// </summary>
    /// <param name="task">As it was read.</param>
    /// <param name="source">Has no space in it, so the first one in the key ends it.</param>
    /// <param name="id">Of the event.</param>
    /// <param name="requestKey">Null when the request has none.</param>
    internal static NewTask OfEvent(NewTask task, string source, string id, RequestKey? requestKey)
    {
        var hash = CanonicalJson.Hash(task.Type, task.Data);
        List<IdempotencyKey> keys = [new(IdempotencyKey.Event, $"{source} {id}", hash)];
        if (requestKey is { } key)
        {
            keys.Add(key.With(hash));
        }

        return task with { Keys = keys };
    }
}
