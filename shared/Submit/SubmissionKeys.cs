using Millrace.Store;

namespace Millrace.Submit;

/// <summary>The names under which a submission is accepted once.</summary>
internal static class SubmissionKeys
{
    internal const int Longest = 200;

    /// <summary>What to write, when a key is none.</summary>
    internal static readonly string Rule = $"Write 1 to {Longest} characters, none of them a control character.";

    internal static bool IsKey(string text) =>
        text.Length is > 0 and <= Longest && !text.Any(static c => char.IsControl(c) || char.IsSurrogate(c) || c == '\uFFFD');

    /// <summary>The task with its keys; most tasks have none, and cost nothing here.</summary>
    /// <param name="task">As it was read.</param>
    /// <param name="requestKey">The request's key, and the task's place in it where it is one of many; null when the request has none.</param>
    /// <param name="text">The task's JSON, as it was sent.</param>
    internal static NewTask WithKeys(NewTask task, string? requestKey, ReadOnlySpan<byte> text)
    {
        if (requestKey is null && task.ExternalId is null)
        {
            return task;
        }

        var hash = CanonicalJson.Hash(text);
        List<IdempotencyKey> keys = [];
        if (requestKey is not null)
        {
            keys.Add(new(IdempotencyKey.Request, requestKey, hash));
        }

        if (task.ExternalId is { } external)
        {
            keys.Add(new(IdempotencyKey.External, external, hash));
        }

        return task with { Keys = keys };
    }
}
