using System.Globalization;

namespace Millrace.Lifecycle;

/// <summary>A ticket's id. It is also the fencing token: every write about a claimed task names it, and it is never used twice.</summary>
internal readonly record struct TicketId(long Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
