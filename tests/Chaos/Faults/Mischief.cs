namespace Millrace.Tests.Chaos.Faults;

/// <summary>What may become of a message.</summary>
internal enum Mischief
{
    Lose,
    Double,
    Delay,
    Shuffle,
    Garble,
    Invent,
}
