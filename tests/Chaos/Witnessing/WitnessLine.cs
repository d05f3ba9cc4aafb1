using System.Globalization;

namespace Millrace.Tests.Chaos.Witnessing;

/// <summary>
/// One line of the record: what happened to which attempt in which process. Nanoseconds are of CLOCK_MONOTONIC, which all processes of
/// a machine share; the wall clock is there for a reader, and may be wrong on purpose.
/// </summary>
internal sealed record WitnessLine(
    WitnessEvent Event, Guid Task, int Attempt, int ProcessId, long Nanoseconds, DateTimeOffset WallClock, string Type, string Queue)
{
    private const int Fields = 8;

    internal string Write() => string.Create(
        CultureInfo.InvariantCulture, $"{Event} {Task} {Attempt} {ProcessId} {Nanoseconds} {WallClock:O} {Type} {Queue}\n");

    /// <exception cref="FormatException">The line is no record; a record that cannot be read judges nothing.</exception>
    internal static WitnessLine Read(string line)
    {
        var fields = line.Split(' ');
        return fields.Length == Fields && Enum.TryParse<WitnessEvent>(fields[0], out var what)
            ? new(
                what, Guid.Parse(fields[1]), Number(fields[2]), Number(fields[3]), long.Parse(fields[4], CultureInfo.InvariantCulture),
                DateTimeOffset.Parse(fields[5], CultureInfo.InvariantCulture), fields[6], fields[7])
            : throw new FormatException($"'{line}' is no line of a witness. Look for another program that writes into its folder.");
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
