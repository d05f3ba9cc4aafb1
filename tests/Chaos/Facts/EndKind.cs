namespace Millrace.Tests.Chaos.Facts;

/// <summary>By whose hand an executor ended.</summary>
internal enum EndKind
{
    /// <summary>The programme killed it, or it killed itself at a checkpoint or in a handler: SIGKILL.</summary>
    Killed,

    /// <summary>It was asked to stop and did. Nothing may be charged.</summary>
    Stopped,

    /// <summary>It ended by itself, which no executor may.</summary>
    ByItself,
}
