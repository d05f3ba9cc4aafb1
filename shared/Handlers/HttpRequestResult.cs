namespace Millrace.Handlers;

/// <summary>The result of <c>http_request</c>: the status, and the first 10,000 characters of the body.</summary>
internal sealed record HttpRequestResult(int Status, string Body);
