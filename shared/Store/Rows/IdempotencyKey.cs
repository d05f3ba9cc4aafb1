namespace Millrace.Store.Rows;

/// <summary>A name under which a submission is accepted once.</summary>
/// <param name="Scope">
/// <c>request</c> (Idempotency-Key), <c>part</c> (of one, and a place in its request), <c>external</c> (external_id) or
/// <c>event</c> (source and id of a CloudEvent).
/// </param>
/// <param name="Key">The name.</param>
/// <param name="RequestHash">Of the submission: the same key with another one is a mistake.</param>
internal sealed record IdempotencyKey(string Scope, string Key, byte[] RequestHash)
{
    internal const string Request = "request";
    internal const string Part = "part";
    internal const string External = "external";
    internal const string Event = "event";
}
