using Microsoft.AspNetCore.Http;
using Millrace.Submit;

namespace Millrace.Api.Submission;

/// <summary>The binary mode of CloudEvents over HTTP: each attribute is a header, <c>datacontenttype</c> is the Content-Type.</summary>
internal static class EventHeaders
{
    private const string Prefix = "ce-";

    /// <summary>One required attribute says what is meant; the others are missed by name.</summary>
    internal static bool AreIn(HttpRequest request) =>
        request.Headers.ContainsKey("ce-specversion") || request.Headers.ContainsKey("ce-id")
        || request.Headers.ContainsKey("ce-source") || request.Headers.ContainsKey("ce-type");

    internal static void Read(HttpRequest request, EventDraft draft, Faults faults)
    {
        foreach (var (header, values) in request.Headers)
        {
            if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var name = header[Prefix.Length..].ToLowerInvariant();
            if (name is "datacontenttype" or "data")
            {
                faults.Add(name, "It is no header of its own: the body is the data, and Content-Type says what it is.");
                continue;
            }

            foreach (var value in values)
            {
                draft.Add(name, Decode(value ?? string.Empty));
            }
        }

        if (request.ContentType is { } type)
        {
            draft.Add("datacontenttype", type);
        }
    }

    /// <summary>Quotes come off, then percent-encoded bytes are decoded, once.</summary>
    private static string Decode(string value)
    {
        value = value.Trim();
        return Uri.UnescapeDataString(value is ['"', .. var inner, '"'] ? Unquoted(inner) : value);
    }

    /// <summary>A backslash within quotes stands before the character that is meant.</summary>
    private static string Unquoted(string inner)
    {
        if (!inner.Contains('\\', StringComparison.Ordinal))
        {
            return inner;
        }

        var text = new System.Text.StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            i += inner[i] == '\\' && i + 1 < inner.Length ? 1 : 0;
            text.Append(inner[i]);
        }

        return text.ToString();
    }
}
