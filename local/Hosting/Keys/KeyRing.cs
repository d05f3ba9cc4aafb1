using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Millrace.Local.Hosting.Keys;

/// <summary>Which level a request's key gives. Off, everyone is Admin, as under <c>func start</c>.</summary>
internal sealed class KeyRing
{
    private const string Header = "x-functions-key";
    private const int LongestKey = 512;

    private readonly bool isEnabled;
    private readonly byte[] master;
    private readonly byte[][] system;
    private readonly byte[][] host;
    private readonly Dictionary<string, byte[][]> functions;

    public KeyRing(bool isEnabled, FunctionKeys keys)
    {
        this.isEnabled = isEnabled;
        master = Encoding.UTF8.GetBytes(keys.Master ?? string.Empty);
        system = Bytes(keys.System);
        host = Bytes(keys.Host);
        functions = keys.Functions.ToDictionary(function => function.Key, function => Bytes(function.Value), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>A level opens itself only, except Admin, which opens all: a System key does not open a Function endpoint.</summary>
    public static bool Opens(AuthorizationLevel given, AuthorizationLevel required) =>
        required == AuthorizationLevel.Anonymous || given == required || given == AuthorizationLevel.Admin;

    public AuthorizationLevel LevelOf(HttpRequest request, string? function)
    {
        if (!isEnabled)
        {
            return AuthorizationLevel.Admin;
        }

        // The header counts if it is there, even empty; the query is read only without it.
        var sent = request.Headers.TryGetValue(Header, out var header) ? header.ToString() : request.Query["code"].ToString();
        if (sent.Length is 0 or > LongestKey)
        {
            return AuthorizationLevel.Anonymous;
        }

        Span<byte> buffer = stackalloc byte[Encoding.UTF8.GetMaxByteCount(LongestKey)];
        ReadOnlySpan<byte> key = buffer[..Encoding.UTF8.GetBytes(sent, buffer)];
        return Same(key, master) ? AuthorizationLevel.Admin
            : IsOneOf(key, system) ? AuthorizationLevel.System
            : IsOneOf(key, host) || (function is not null && functions.TryGetValue(function, out var own) && IsOneOf(key, own))
                ? AuthorizationLevel.Function
            : AuthorizationLevel.Anonymous;
    }

    private static byte[][] Bytes(IReadOnlyDictionary<string, string> keys) => [.. keys.Values.Select(Encoding.UTF8.GetBytes)];

    private static bool IsOneOf(ReadOnlySpan<byte> key, byte[][] known)
    {
        foreach (var candidate in known)
        {
            if (Same(key, candidate))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Same(ReadOnlySpan<byte> key, byte[] known) =>
        known.Length > 0 && CryptographicOperations.FixedTimeEquals(key, known);
}
