using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Millrace.Api.Answers;
using Millrace.Redis;

namespace Millrace.Api.RateLimit;

/// <summary>
/// How many requests a caller may send. Instances share the budget through Redis; without it, or while it is slow, each has the
/// whole budget for itself. Callers are told apart by a hash of their key, else of their address; neither is stored or logged.
/// </summary>
internal sealed class RequestBudget(IOptions<ApiOptions> options, RedisTokenBucket shared, TimeProvider clock)
{
    private readonly LocalTokenBucket own = new(clock);

    internal bool IsLimited => options.Value.IsLimited;

    /// <summary>Null when the request may go on, else the refusal.</summary>
    internal async Task<JsonAnswer<Problem>?> RefuseAsync(HttpContext context)
    {
        var (caller, rate) = (Caller(context), options.Value.Rate);
        var wait = await shared.TakeAsync(caller, rate) ?? own.Take(caller, rate);
        return wait > TimeSpan.Zero ? Problems.TooManyRequests(wait) : null;
    }

    /// <summary>Whoever has no key, and is let in without one, is the same as all others without.</summary>
    internal static string KeyHolder(HttpContext context) => KeyOf(context) is { Length: > 0 } key ? Hashed("key " + key) : string.Empty;

    internal static string Caller(HttpContext context)
    {
        var key = KeyOf(context);
        var name = key.Length > 0 ? "key " + key : "address " + Address(context);
        return Hashed(name);
    }

    /// <summary>
    /// The key is found as the host finds it: the header when there is one, even an empty one, else the query; and of several the
    /// first, or a second one made up for each request would open a new budget each time.
    /// </summary>
    private static string KeyOf(HttpContext context) =>
        (context.Request.Headers.TryGetValue("x-functions-key", out var header) ? header : context.Request.Query["code"]).FirstOrDefault() ?? string.Empty;

    private static string Hashed(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));

    /// <summary>Behind a front end the last entry is the one that it wrote itself; earlier ones are the client's word.</summary>
    private static string Address(HttpContext context) =>
        context.Request.Headers["X-Forwarded-For"].ToString() is { Length: > 0 } forwarded
            ? WithoutPort(forwarded[(forwarded.LastIndexOf(',') + 1)..].Trim())
            : context.Connection.RemoteIpAddress?.ToString() ?? string.Empty;

    /// <summary>Azure's front end writes the client's port, too, which is another one for each connection.</summary>
    private static string WithoutPort(string address) =>
        IPEndPoint.TryParse(address, out var point) ? point.Address.ToString() : address;
}
