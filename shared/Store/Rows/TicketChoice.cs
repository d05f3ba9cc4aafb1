namespace Millrace.Store.Rows;

/// <summary>Of the tickets that wait, those that a process could serve.</summary>
/// <param name="NotOf">Queues of which it can begin nothing.</param>
/// <param name="WithSuspects">It may take a suspect of crashes.</param>
internal readonly record struct TicketChoice(string[] NotOf, bool WithSuspects)
{
    internal TicketChoice Without(string queueName) => this with { NotOf = [.. NotOf, queueName] };
}
