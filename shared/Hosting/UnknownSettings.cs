using Microsoft.Extensions.Configuration;
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

/// <summary>A setting that nobody reads is a setting that somebody believes in: the start is refused.</summary>
internal static class UnknownSettings
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
    };

    /// <exception cref="InvalidOperationException">There are unknown settings; the message names each, and what there is instead.</exception>
    internal static void Refuse(IConfigurationSection millrace)
    {
        List<string> faults = [];
        foreach (var section in millrace.GetChildren())
        {
            if (!Sections.TryGetValue(section.Key, out var options))
            {
                faults.Add($"There is no setting Millrace:{section.Key}. The sections are {string.Join(", ", Sections.Keys)}.");
                continue;
            }

            var names = options.GetProperties().Where(static property => property.CanWrite).Select(static property => property.Name).ToArray();
            faults.AddRange(section.GetChildren()
                .Where(setting => !names.Contains(setting.Key, StringComparer.OrdinalIgnoreCase))
                .Select(setting => $"There is no setting Millrace:{section.Key}:{setting.Key}. There is {string.Join(", ", names)}."));
        }

        if (faults.Count > 0)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, faults));
        }
    }
}
