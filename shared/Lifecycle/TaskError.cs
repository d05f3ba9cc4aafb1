using System.Text;

namespace Millrace.Lifecycle;

/// <summary>Why an attempt did not succeed, in a size that is safe to keep: message up to 2,000 characters, trace up to 8,000.</summary>
public sealed record TaskError
{
    private const int MessageLimit = 2_000;
    private const int TraceLimit = 8_000;

    /// <summary>Creates an error; texts that are too long are cut, characters PostgreSQL cannot keep are replaced.</summary>
    public TaskError(string type, string message, string? trace = null)
    {
        Type = Fit(type, 200);
        Message = Fit(message, MessageLimit);
        Trace = trace is null ? null : Fit(trace, TraceLimit);
    }

    /// <summary>A short stable name: an exception's type, or one of Millrace's own (<c>timeout</c>, <c>crashed</c>, …).</summary>
    public string Type { get; }

    /// <summary>What went wrong, in a sentence.</summary>
    public string Message { get; }

    /// <summary>The stack trace, where there is one.</summary>
    public string? Trace { get; }

    private static string Fit(string text, int limit)
    {
        var cut = ShortText.Of(text, limit);
        var whole = cut.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut)) : cut;
        return whole.Replace('\0', '\uFFFD');
    }
}
