namespace Millrace.Client;

/// <summary>The body that empties a queue; without a number it is only counted.</summary>
internal sealed record ClearOrder(long? Confirm);
