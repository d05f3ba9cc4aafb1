namespace Millrace.Submit;

/// <summary>The value of an event's attribute: a text, or a number or boolean of JSON as it was written.</summary>
internal readonly record struct EventAttribute(string Text, bool IsLiteral);
