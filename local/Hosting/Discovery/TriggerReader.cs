using System.Globalization;
using System.Reflection;
using Azure.Storage.Queues.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Millrace.Local.Hosting.Settings;
using Millrace.Local.Hosting.Timers;

namespace Millrace.Local.Hosting.Discovery;

/// <summary>Turns binding attributes into triggers and outputs, with names resolved from the app settings.</summary>
internal sealed class TriggerReader(AppSettings settings, HostJson host, StartFindings findings)
{
    private static readonly string[] ReservedRoutes = ["admin", "runtime"];

    /// <summary>Null when a fault was found.</summary>
    public Trigger? ReadTrigger(string name, MethodInfo method)
    {
        var bound = method.GetParameters()
            .SelectMany(parameter => parameter.GetCustomAttributes<BindingAttribute>().Select(attribute => (parameter, attribute)))
            .ToList();
        foreach (var twice in bound.GroupBy(pair => pair.parameter).Where(pairs => pairs.Count() > 1))
        {
            findings.Fault($"Function {name} binds parameter {twice.Key.Name} more than once (AZFW0005): leave one attribute.");
        }

        var triggers = bound.Where(pair => pair.attribute is TriggerBindingAttribute).ToList();
        if (triggers.Count != 1)
        {
            findings.Fault(triggers.Count == 0
                ? $"Function {name} has no trigger: put HttpTrigger, QueueTrigger or TimerTrigger on one parameter."
                : $"Function {name} has {triggers.Count} triggers: leave one and move the others to functions of their own.");
            return null;
        }

        var (parameter, attribute) = triggers[0];
        return attribute switch
        {
            HttpTriggerAttribute http => Http(name, parameter, http),
            QueueTriggerAttribute queue => Queue(name, parameter, queue),
            TimerTriggerAttribute timer => Timer(name, parameter, timer),
            _ => Refuse($"Function {name} uses {attribute.GetType().Name}, which this host does not run: use an HTTP, queue or timer trigger."),
        };
    }

    public QueueOutputTarget? ReadOutput(string name, MethodInfo method)
    {
        if (ResultType(method.ReturnType).GetProperties().Any(property => property.IsDefined(typeof(OutputBindingAttribute))))
        {
            findings.Fault($"Function {name} returns a class with output properties, which this host does not run: put QueueOutput on the method.");
        }

        if (method.GetCustomAttribute<QueueOutputAttribute>() is not { } output)
        {
            return null;
        }

        var queue = QueueName(name, output.QueueName);
        var connection = Connection(name, output.Connection);
        return queue is null || connection is null ? null : new QueueOutputTarget(queue, connection);
    }

    private HttpTriggerSource? Http(string name, ParameterInfo parameter, HttpTriggerAttribute attribute)
    {
        var route = (string.IsNullOrWhiteSpace(attribute.Route) ? name : attribute.Route).Trim('/');
        if (ReservedRoutes.Any(reserved => route.StartsWith(reserved, StringComparison.OrdinalIgnoreCase)))
        {
            findings.Fault($"Function {name} has the route \"{route}\", and routes that begin with admin or runtime are the host's: begin it with another word.");
        }

        if (parameter.ParameterType != typeof(HttpRequest))
        {
            findings.Fault($"Function {name} takes its request as {parameter.ParameterType.Name}: take an HttpRequest.");
        }

        if (typeof(IActionResult).IsAssignableFrom(ResultType(((MethodInfo)parameter.Member).ReturnType)))
        {
            findings.Fault($"Function {name} returns an IActionResult, and this host loads no MVC: return an IResult.");
        }

        var level = WrittenLevel(parameter);
        if (level == AuthorizationLevel.User)
        {
            findings.Fault($"Function {name} asks for AuthorizationLevel.User, which no key can give: write Anonymous, Function or Admin.");
        }

        try
        {
            var whole = host.RoutePrefix.Length == 0 ? route : $"{host.RoutePrefix}/{route}";
            var methods = (attribute.Methods ?? []).Select(verb => verb.ToUpperInvariant()).Distinct().ToArray();
            return new HttpTriggerSource(parameter, RoutePatternFactory.Parse(whole), methods, level);
        }
        catch (RoutePatternException exception)
        {
            findings.Fault($"Function {name} has the route \"{route}\", which is no route template ({exception.Message}): correct it.");
            return null;
        }
    }

    /// <summary>The source generator passes on constructor arguments only; without a level there the host's default, Function, holds.</summary>
    private static AuthorizationLevel WrittenLevel(ParameterInfo parameter) =>
        parameter.CustomAttributes.First(attribute => attribute.AttributeType == typeof(HttpTriggerAttribute)).ConstructorArguments
            .Where(argument => argument.ArgumentType == typeof(AuthorizationLevel))
            .Select(argument => (AuthorizationLevel)Convert.ToInt32(argument.Value, CultureInfo.InvariantCulture))
            .DefaultIfEmpty(AuthorizationLevel.Function)
            .First();

    private QueueTriggerSource? Queue(string name, ParameterInfo parameter, QueueTriggerAttribute attribute)
    {
        if (parameter.ParameterType.IsArray && parameter.ParameterType != typeof(byte[]) && parameter.ParameterType.GetElementType() == typeof(QueueMessage))
        {
            findings.Fault($"Function {name} takes an array of messages, and a queue trigger delivers one: take a QueueMessage.");
        }

        var queue = QueueName(name, attribute.QueueName);
        var connection = Connection(name, attribute.Connection);
        return queue is null || connection is null ? null : new QueueTriggerSource(parameter, queue, connection);
    }

    private TimerTriggerSource? Timer(string name, ParameterInfo parameter, TimerTriggerAttribute attribute)
    {
        Connection(name, null);
        if (parameter.ParameterType != typeof(TimerInfo) && parameter.ParameterType != typeof(object))
        {
            findings.Fault($"Function {name} takes its timer as {parameter.ParameterType.Name}: take a TimerInfo.");
        }

        if (Resolve(name, attribute.Schedule) is not { } text)
        {
            return null;
        }

        if (TimerSchedule.Parse(text) is { } schedule)
        {
            return new TimerTriggerSource(parameter, schedule, attribute.UseMonitor, attribute.RunOnStartup);
        }

        findings.Fault($"Function {name} has the schedule \"{text}\": write 6 cron fields (seconds first), 5 (minutes first), or a time span such as 00:00:30.");
        return null;
    }

    private string? QueueName(string function, string text)
    {
        // The host lower-cases queue names.
        if (Resolve(function, text)?.ToLowerInvariant() is not { } queue)
        {
            return null;
        }

        if (queue.Length is >= 3 and <= 63 && queue.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
            && queue[0] != '-' && queue[^1] != '-' && !queue.Contains("--", StringComparison.Ordinal))
        {
            return queue;
        }

        findings.Fault($"Function {function} names the queue \"{queue}\": write 3 to 63 letters, digits and single hyphens, none at the ends.");
        return null;
    }

    private string? Resolve(string function, string text)
    {
        if (settings.TryResolve(text, out var resolved))
        {
            return resolved;
        }

        findings.Fault($"Function {function} refers to {text}, and there is no such app setting: set {text.Trim('%')} in local.settings.json or in the environment.");
        return null;
    }

    private string? Connection(string function, string? name)
    {
        if (settings.TryGetConnection(name, out var connection))
        {
            return connection;
        }

        var setting = string.IsNullOrEmpty(name) ? "AzureWebJobsStorage" : name;
        findings.Fault($"Function {function} needs the storage connection {setting}, and it is not set: set {setting} to a connection string in local.settings.json or in the environment.");
        return null;
    }

    private Trigger? Refuse(string sentence)
    {
        findings.Fault(sentence);
        return null;
    }

    private static Type ResultType(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            ? type.GetGenericArguments()[0]
            : type;
}
