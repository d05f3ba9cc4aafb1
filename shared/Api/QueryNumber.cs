using System.Globalization;
using Millrace.Submit;

namespace Millrace.Api;

/// <summary>A whole number among the parameters of a query.</summary>
internal static class QueryNumber
{
    internal static int Read(IReadOnlyDictionary<string, string> values, string name, int otherwise, int least, int most, Faults faults)
    {
        if (!values.TryGetValue(name, out var text))
        {
            return otherwise;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return (int)number;
        }

        faults.Add(name, most == int.MaxValue
            ? $"Is not a whole number of {least} or more."
            : $"Is not a whole number from {least} to {most}." + (name == "skip" ? " For later pages use cursor." : string.Empty));
        return otherwise;
    }
}
