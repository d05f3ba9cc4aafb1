namespace Millrace.Store.Rows;

/// <summary>A wake that somebody wants.</summary>
/// <param name="QueueName">The queue; <see cref="OfAll"/> for a wake that is not about one.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Due">When; null for when the first lease of any ticket ends.</param>
internal readonly record struct WakeOrder(string QueueName, WakePurpose Purpose, DateTimeOffset? Due)
{
    /// <summary>No queue has this name.</summary>
    internal const string OfAll = "";

    /// <summary>A heal pass looks at all queues, so they share its wake.</summary>
    internal static WakeOrder AtFirstLeaseEnd => new(OfAll, WakePurpose.Heal, null);
}
