using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Millrace.Local.Hosting.Settings;

namespace Millrace.Local.Hosting.Discovery;

/// <summary>
/// Finds an app's functions in the real host's order and names what the SDK's analyzers or the host would refuse.
/// Nothing here throws: all faults are collected.
/// </summary>
internal sealed partial class FunctionScanner(AppSettings settings, HostJson host, StartFindings findings)
{
    private readonly TriggerReader triggers = new(settings, host, findings);

    public IReadOnlyList<FunctionDescriptor> Scan(IEnumerable<Type> types)
    {
        var found = types
            .Distinct()
            .SelectMany(type => type.GetMethods(
                BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Select(method => (Method: method, Attribute: method.GetCustomAttribute<FunctionAttribute>()))
            .Where(candidate => candidate.Attribute is not null)
            .OrderBy(candidate => candidate.Attribute!.Name, StringComparer.OrdinalIgnoreCase)
            .ToList();

        RefuseDuplicateNames(found.Select(candidate => candidate.Attribute!.Name));
        WarnOfUnknownAllowed([.. found.Select(candidate => candidate.Attribute!.Name)]);
        var functions = found.Select(candidate => Read(candidate.Attribute!.Name, candidate.Method)).OfType<FunctionDescriptor>().ToList();
        RefuseAmbiguousRoutes(functions);
        return functions;
    }

    [GeneratedRegex(@"^[a-z][a-z0-9_\-]{0,127}$", RegexOptions.IgnoreCase)]
    private static partial Regex NamePattern { get; }

    private FunctionDescriptor? Read(string name, MethodInfo method)
    {
        RefuseBadName(name);
        RefuseBadMethod(name, method);
        var output = triggers.ReadOutput(name, method);
        if (triggers.ReadTrigger(name, method) is not { } trigger)
        {
            return null;
        }

        var retry = method.GetCustomAttribute<RetryAttribute>();
        if (retry is not null && trigger is not TimerTriggerSource)
        {
            findings.Fault(trigger is QueueTriggerSource
                ? $"Function {name} puts a retry attribute on a queue trigger (AZFW0012): remove it and set maxDequeueCount and visibilityTimeout in host.json."
                : $"Function {name} puts a retry attribute on an HTTP trigger (AZFW0012): remove it and let the caller retry.");
        }

        return new FunctionDescriptor(name, method, trigger) { IsDisabled = IsDisabled(name), Retry = retry, Output = output };
    }

    private bool IsDisabled(string name) =>
        settings.IsTrue($"AzureWebJobs.{name}.Disabled")
        || settings.IsTrue($"AzureWebJobs_{name}_Disabled")
        || (host.Functions.Count > 0 && !host.Functions.Contains(name, StringComparer.OrdinalIgnoreCase));

    private void RefuseBadName(string name)
    {
        if (!NamePattern.IsMatch(name) || name.Equals("host", StringComparison.OrdinalIgnoreCase))
        {
            findings.Fault($"Function name \"{name}\" is not allowed: write a letter, then up to 127 letters, digits, '_' or '-', and not \"host\".");
        }
    }

    private void RefuseBadMethod(string name, MethodInfo method)
    {
        if (!method.IsPublic || method.DeclaringType is not { IsVisible: true } type || (type.IsAbstract && !method.IsStatic)
            || type.ContainsGenericParameters || method.ContainsGenericParameters)
        {
            findings.Fault($"Function {name} ({method.DeclaringType?.Name}.{method.Name}) cannot be called: write a public method on a public, concrete class, neither generic.");
        }

        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
        {
            findings.Fault($"Function {name} is async void (AZFW0002), so nobody could await it: return Task.");
        }
    }

    private void RefuseDuplicateNames(IEnumerable<string> names)
    {
        foreach (var same in names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
        {
            findings.Fault($"{same.Count()} functions are named {same.Key} (letter case does not count, AZFW0017): give each its own name.");
        }
    }

    private void WarnOfUnknownAllowed(HashSet<string> names)
    {
        foreach (var allowed in host.Functions.Where(allowed => !names.Contains(allowed, StringComparer.OrdinalIgnoreCase)))
        {
            findings.Warn($"The allow list \"functions\" names {allowed}, which is no function of this app: correct or remove it.");
        }
    }

    private void RefuseAmbiguousRoutes(List<FunctionDescriptor> functions)
    {
        // A function outside the allow list is not loaded by the real host, but it may be on another instance: compare all.
        var routes = functions.Where(function => function.Trigger is HttpTriggerSource).ToList();
        for (var i = 0; i < routes.Count; i++)
        {
            for (var j = i + 1; j < routes.Count; j++)
            {
                var (one, other) = ((HttpTriggerSource)routes[i].Trigger, (HttpTriggerSource)routes[j].Trigger);
                if (RouteAmbiguity.CanBothMatch(one, other))
                {
                    findings.Fault(
                        $"Functions {routes[i].Name} (/{one.Pattern.RawText}) and {routes[j].Name} (/{other.Pattern.RawText}) can match the same request, "
                        + "and the real host would pick by name: change one route, its methods, or add a constraint such as {id:guid}.");
                }
            }
        }
    }
}
