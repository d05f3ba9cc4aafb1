using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Local.Hosting.Discovery;
using Millrace.Local.Hosting.Keys;

namespace Millrace.Local.Hosting.Http;

/// <summary>The part of the real host's <c>/admin</c> that operators and tests use; all of it needs the master key.</summary>
internal sealed class AdminApi(KeyRing keys, HostControl control)
{
    private const int LongestBody = 1 << 20;

    public Task HandleAsync(HttpContext context)
    {
        if (keys.LevelOf(context.Request, null) != AuthorizationLevel.Admin)
        {
            return Status(context, StatusCodes.Status401Unauthorized);
        }

        var method = context.Request.Method;
        var path = (context.Request.Path.Value ?? string.Empty).TrimEnd('/').ToUpperInvariant();
        const string one = "/ADMIN/FUNCTIONS/";
        return (HttpMethods.IsGet(method), HttpMethods.IsPost(method), path) switch
        {
            (true, _, "/ADMIN/FUNCTIONS") => Json(context, WriteFunctions),
            (true, _, "/ADMIN/HOST/STATUS") => Json(context, WriteStatus),
            (true, _, "/ADMIN/HOST/DRAIN/STATUS") => Json(context, WriteDrain),
            (_, true, "/ADMIN/HOST/DRAIN") => DrainAsync(context),
            (_, true, "/ADMIN/HOST/RESUME") => ResumeAsync(context),
            (_, true, _) when path.StartsWith(one, StringComparison.Ordinal) => InvokeAsync(context, path[one.Length..]),
            _ => Status(context, StatusCodes.Status404NotFound),
        };
    }

    private static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private Task DrainAsync(HttpContext context)
    {
        control.Drain();
        return Status(context, StatusCodes.Status202Accepted);
    }

    private Task ResumeAsync(HttpContext context)
    {
        control.Resume();
        return Json(context, WriteStatus);
    }

    private async Task InvokeAsync(HttpContext context, string name)
    {
        if (control.Find(name) is not { } function)
        {
            await Status(context, StatusCodes.Status404NotFound);
            return;
        }

        var input = function.Trigger is HttpTriggerSource ? null : await ReadInputAsync(context);
        if (input is null)
        {
            await Status(context, StatusCodes.Status400BadRequest);
            return;
        }

        control.Invoke(function, input);
        await Status(context, StatusCodes.Status202Accepted);
    }

    /// <summary>Null when the body is no <c>{"input": "…"}</c>.</summary>
    private static async Task<string?> ReadInputAsync(HttpContext context)
    {
        if (context.Request.ContentLength is 0 or > LongestBody)
        {
            return context.Request.ContentLength == 0 ? string.Empty : null;
        }

        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
            return body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("input", out var input)
                ? input.ToString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task Json(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        write(writer);
        await writer.FlushAsync(context.RequestAborted);
    }

    private void WriteFunctions(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var function in control.Functions)
        {
            json.WriteStartObject();
            json.WriteString("name", function.Name);
            json.WriteString("language", "dotnet-isolated");
            json.WriteBoolean("isDisabled", function.IsDisabled);
            json.WriteString("trigger", function.Trigger);
            json.WriteString("source", function.Source);
            json.WriteStartArray("methods");
            foreach (var method in function.Methods)
            {
                json.WriteStringValue(method);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteStatus(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", control.HostId);
        json.WriteString("state", control.IsDraining ? "Drained" : "Running");
        json.WriteNumber("processUptime", (long)control.Uptime.TotalMilliseconds);
        json.WriteEndObject();
    }

    private void WriteDrain(Utf8JsonWriter json)
    {
        var (outstanding, retries) = control.Outstanding;
        json.WriteStartObject();
        json.WriteString("state", !control.IsDraining ? "Disabled" : outstanding + retries == 0 ? "Completed" : "InProgress");
        json.WriteNumber("outstandingInvocations", outstanding);
        json.WriteNumber("outstandingRetries", retries);
        json.WriteEndObject();
    }
}
