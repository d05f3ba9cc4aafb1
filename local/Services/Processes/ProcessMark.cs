using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Millrace.Local.Services.Processes;

/// <summary>
/// A process by number and birth, so that another program that got the same number later is not taken for it. On Linux the birth is
/// boot id and start tick, exact whatever the clock does; elsewhere the start time. A process that ended but was not yet collected
/// by its parent counts as gone.
/// </summary>
internal sealed record ProcessMark(int Id, string Birth)
{
    public string Text => $"{Id} {Birth}";

    public bool IsAlive() => Of(Id) == this;

    public static ProcessMark? Of(int id)
    {
        var birth = OperatingSystem.IsLinux() ? LinuxBirth(id) : OtherBirth(id);
        return birth is null ? null : new(id, birth);
    }

    public static ProcessMark? Parse(string text)
    {
        var parts = text.Split(' ', 2);
        return parts.Length == 2 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var id) ? new(id, parts[1]) : null;
    }

    private static string? LinuxBirth(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");

            // The program's name stands in parentheses and may hold anything; state and start tick are the 1st and 20th field after it.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}/{fields[19]}";
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string? OtherBirth(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited ? null : process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
