namespace Millrace.Tests.Chaos.Faults;

/// <summary>The wall clock of one executor, wrong by what is said. Its monotonic clock is left alone: it drives leases and the witness.</summary>
internal static class FakeClock
{
    private static readonly string[] Places =
    [
        "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
        "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
        "/usr/lib/faketime/libfaketimeMT.so.1",
    ];

    internal static string? Library { get; } = Places.FirstOrDefault(File.Exists);

    internal static Dictionary<string, string> Settings(string offset) => new()
    {
        ["LD_PRELOAD"] = Library!,
        ["FAKETIME"] = offset,
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        ["DONT_FAKE_MONOTONIC"] = "1",

        // With it, waits on the monotonic clock end at once, and every time-out of .NET with them.
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
    };
}
