namespace Millrace.Samples.Flights;

/// <summary>What is submitted: one flight of the vega-datasets file <c>flights-20k.json</c>.</summary>
/// <param name="Date">The departure, like <c>2001/01/10 09:30</c>, local time of the origin.</param>
/// <param name="Delay">Minutes; negative when it was early.</param>
/// <param name="Distance">Miles.</param>
/// <param name="Origin">The airport's code, like <c>LAX</c>.</param>
/// <param name="Destination">The airport's code.</param>
internal sealed record FlightData(string Date, int Delay, int Distance, string Origin, string Destination);
