using System.Globalization;
using System.Text.Json;

namespace Millrace.Local.Hosting.Invocation;

/// <summary>
/// Values of parameters, converted as the worker's converters do: text, Guid, DateTime, then JSON. Absent: the
/// parameter's default, else null, else a failure.
/// </summary>
internal static class ParameterValue
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNameCaseInsensitive = true };

    /// <summary>A parameter named like a route value or a key of the trigger's metadata.</summary>
    public static T? Named<T>(FunctionInvocation invocation, string name, bool hasDefault, T? byDefault)
    {
        var value = invocation.HttpContext is { } http
            ? http.Request.RouteValues[name]
            : invocation.BindingContext.BindingData.GetValueOrDefault(name);
        if (value is string text)
        {
            return Convert<T>(invocation, name, text);
        }

        if (hasDefault || default(T) is null)
        {
            return hasDefault ? byDefault : default;
        }

        throw new FunctionBindingException(invocation.Function.Name, name, typeof(T), null);
    }

    /// <summary>A queue message read as JSON.</summary>
    public static T? FromJson<T>(FunctionInvocation invocation, string name)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(invocation.Delivery!.Body, Json);
        }
        catch (JsonException exception)
        {
            throw new FunctionBindingException(invocation.Function.Name, name, typeof(T), exception);
        }
    }

    private static T? Convert<T>(FunctionInvocation invocation, string name, string text)
    {
        if (typeof(T) == typeof(string) || typeof(T) == typeof(object))
        {
            return (T)(object)text;
        }

        var type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        try
        {
            return type == typeof(Guid) ? (T)(object)Guid.Parse(text)
                : type == typeof(int) ? (T)(object)int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
                : type == typeof(DateTime) ? (T)(object)DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)
                : type == typeof(DateTimeOffset) ? (T)(object)DateTimeOffset.Parse(text, CultureInfo.InvariantCulture)
                : JsonSerializer.Deserialize<T>(text, Json);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or JsonException)
        {
            throw new FunctionBindingException(invocation.Function.Name, name, typeof(T), exception);
        }
    }
}
