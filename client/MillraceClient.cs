namespace Millrace.Client;

/// <summary>
/// The typed client of Millrace's HTTP API; safe for any number of callers at once. Registered by <c>AddMillraceClient</c> it repeats
/// what is safe to repeat; what fails for good is a <see cref="MillraceException"/>.
/// </summary>
public sealed partial class MillraceClient
{
    private readonly HttpClient http;
    private readonly MillraceClientOptions options;
    private readonly TimeProvider clock;

    /// <summary>Over an HTTP client of your own, which has the address and the key, and repeats nothing by itself.</summary>
    public MillraceClient(HttpClient http)
        : this(http, new MillraceClientOptions(), TimeProvider.System)
    {
    }

    internal MillraceClient(HttpClient http, MillraceClientOptions options, TimeProvider clock)
    {
        this.http = http;
        this.options = options;
        this.clock = clock;
    }
}
