using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Millrace.Api;
using Millrace.Dispatch;
using Millrace.Execute;
using Millrace.Handlers;
using Millrace.Heal;
using Millrace.Inspect;
using Millrace.Queues;
using Millrace.Redis;
using Millrace.Store;
using Millrace.Submit;

namespace Millrace.Hosting;

/// <summary>
/// Refuses the start when a setting is unknown (what nobody reads, somebody believes in), is not of its kind, or is out of its
/// bounds: all faults at once, each a sentence that names the setting and says what to write.
/// </summary>
internal static class SettingsCheck
{
    private static readonly Dictionary<string, Type> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Store"] = typeof(StoreOptions),
        ["Storage"] = typeof(StorageOptions),
        ["Redis"] = typeof(RedisOptions),
        ["Handlers"] = typeof(HandlerOptions),
        ["Submit"] = typeof(SubmitOptions),
        ["Dispatch"] = typeof(DispatchOptions),
        ["Execute"] = typeof(ExecuteOptions),
        ["Heal"] = typeof(HealOptions),
        ["Inspect"] = typeof(InspectOptions),
        ["Api"] = typeof(ApiOptions),
    };

    /// <exception cref="InvalidOperationException">There are faults; the message is their sentences, a line each.</exception>
    internal static void Refuse(IConfigurationSection millrace)
    {
        string[] faults = [.. millrace.GetChildren().SelectMany(Faults)];
        if (faults.Length > 0)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, faults));
        }
    }

    private static IEnumerable<string> Faults(IConfigurationSection section)
    {
        if (!Sections.TryGetValue(section.Key, out var options))
        {
            return [$"There is no setting Millrace:{section.Key}. The sections are {string.Join(", ", Sections.Keys)}."];
        }

        var known = options.GetProperties().Where(static property => property.CanWrite).ToArray();
        return section.GetChildren().Select(setting => Fault(section.Key, setting, known)).OfType<string>();
    }

    private static string? Fault(string section, IConfigurationSection setting, PropertyInfo[] known)
    {
        var property = Array.Find(known, one => one.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase));
        if (property is null)
        {
            return $"There is no setting Millrace:{section}:{setting.Key}. There is {string.Join(", ", known.Select(static one => one.Name))}.";
        }

        var name = NameOf($"Millrace:{section}:{property.Name}");
        return property.Name == nameof(StoreOptions.ConnectionString)
            ? ConnectionStrings.Fault(section, name, setting.Value ?? string.Empty)
            : ValueFault(name, setting.Value ?? string.Empty, property);
    }

    private static string? ValueFault(string name, string value, PropertyInfo property)
    {
        var range = property.GetCustomAttribute<RangeAttribute>();
        try
        {
            var typed = TypeDescriptor.GetConverter(property.PropertyType).ConvertFromInvariantString(value);
            return range?.IsValid(typed) ?? true ? null : $"{name} is {value}. Write {What(property.PropertyType, range)}.";
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or NotSupportedException)
        {
            return $"{name} is '{value}'. Write {What(property.PropertyType, range)}.";
        }
    }

    private static string What(Type type, RangeAttribute? range)
    {
        var kind = type == typeof(bool) ? "true or false" : type == typeof(double) || type == typeof(float) ? "a number" : "a whole number";
        return range is null ? kind : string.Create(CultureInfo.InvariantCulture, $"{kind} from {range.Minimum} to {range.Maximum}");
    }

    /// <summary>With the short name, by which the operator may know it.</summary>
    private static string NameOf(string setting)
    {
        var alias = SettingAliases.All.FirstOrDefault(one => one.Value == setting).Key;
        return alias is null ? setting : $"{alias} ({setting})";
    }
}
