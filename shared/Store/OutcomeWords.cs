using Millrace.Lifecycle;

namespace Millrace.Store;

/// <summary>PostgreSQL's words for outcomes and reasons.</summary>
internal static class OutcomeWords
{
    internal static string Word(this FinishedAs outcome) => outcome switch
    {
        FinishedAs.Succeeded => "succeeded",
        FinishedAs.Cancelled => "cancelled",
        FinishedAs.Expired => "expired",
    };

    internal static string Word(this DeathReason reason) => reason switch
    {
        DeathReason.Exhausted => "exhausted",
        DeathReason.Rejected => "rejected",
        DeathReason.Unreadable => "unreadable",
        DeathReason.Poison => "poison",
        DeathReason.Interrupted => "interrupted",
    };
}
