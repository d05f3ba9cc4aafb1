using System.Diagnostics;
using System.Globalization;

namespace Millrace.Lifecycle;

/// <summary>
/// The numbered points at which a process may die between two effects. A test sets <c>MILLRACE_KILL_AT</c> to a number;
/// the process then kills itself there, as <c>kill -9</c> would. Without it, passing one costs a comparison.
/// </summary>
internal static class CrashCheckpoints
{
    private static readonly int KillAt =
        int.TryParse(Environment.GetEnvironmentVariable("MILLRACE_KILL_AT"), CultureInfo.InvariantCulture, out var number) ? number : 0;

    internal static void Pass(int number)
    {
        if (number == KillAt)
        {
            Process.GetCurrentProcess().Kill();
        }
    }
}
