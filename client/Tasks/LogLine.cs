namespace Millrace.Client;

/// <summary>A line that the handler logged in an attempt.</summary>
public sealed record LogLine
{
    public DateTimeOffset At { get; init; }

    public int Attempt { get; init; }

    public string Level { get; init => field = value ?? string.Empty; } = string.Empty;

    public string Message { get; init => field = value ?? string.Empty; } = string.Empty;
}
