using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace Millrace.Lifecycle;

/// <summary>
/// What a handler wants to happen with its task. Closed: succeeded, failed (tried again), rejected (never tried again) or
/// snoozed (later, at no cost of an attempt). A handler that throws has failed.
/// </summary>
public abstract record TaskOutcome
{
    private static readonly SucceededOutcome PlainSuccess = new(default);

    private static readonly TimeSpan LongestSnooze = TimeSpan.FromDays(365);

    private TaskOutcome()
    {
    }

    /// <summary>The work is done; there is no result to keep.</summary>
    public static TaskOutcome Succeeded() => PlainSuccess;

    /// <summary>The work is done; the result is kept with the task as JSON.</summary>
    public static TaskOutcome Succeeded<T>(T result, JsonTypeInfo<T> format) =>
        new SucceededOutcome(JsonSerializer.SerializeToUtf8Bytes(result, format));

    /// <summary>The work is done; <paramref name="json"/> is kept as the result, to the letter.</summary>
    /// <exception cref="JsonException">The text is not JSON in UTF-8.</exception>
    public static TaskOutcome SucceededWithJson(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span))
        {
            throw new JsonException("The result is not UTF-8.");
        }

        var reader = new Utf8JsonReader(json.Span);
        while (reader.Read())
        {
        }

        return new SucceededOutcome(json);
    }

    /// <summary>The attempt failed; it is tried again while attempts are left.</summary>
    public static TaskOutcome Failed(string errorType, string message) => new FailedOutcome(new TaskError(errorType, message));

    /// <summary>The task can never succeed: it goes to the dead letters at once.</summary>
    public static TaskOutcome Rejected(string errorType, string message) => new RejectedOutcome(new TaskError(errorType, message));

    /// <summary>Not now: run again after the delay, a year at most. Costs no attempt.</summary>
    public static TaskOutcome Snoozed(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, LongestSnooze);
        return new SnoozedOutcome(delay);
    }

    internal sealed record SucceededOutcome(ReadOnlyMemory<byte> Result) : TaskOutcome;

    internal sealed record FailedOutcome(TaskError Error) : TaskOutcome;

    internal sealed record RejectedOutcome(TaskError Error) : TaskOutcome;

    internal sealed record SnoozedOutcome(TimeSpan Delay) : TaskOutcome;
}
