namespace Millrace.Handlers;

/// <summary>Options of the built-in handlers. Section <c>Millrace:Handlers</c>.</summary>
internal sealed class HandlerOptions
{
    /// <summary>Lets <c>http_request</c> reach loopback, private and link-local addresses.</summary>
    public bool AllowPrivateAddresses { get; set; }
}
