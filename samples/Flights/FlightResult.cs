namespace Millrace.Samples.Flights;

/// <summary>What is kept of a flight.</summary>
/// <param name="Route">From and to, like <c>LAX-SFO</c>.</param>
/// <param name="PartOfDay">When it left.</param>
/// <param name="DelayClass">How late it was, in a word.</param>
/// <param name="OnTime">Less than 15 minutes late, which is how the airlines' statistics count.</param>
/// <param name="DelayPer100Miles">Minutes per 100 miles, so that short and long flights compare; rounded to two digits.</param>
internal sealed record FlightResult(string Route, PartOfDay PartOfDay, DelayClass DelayClass, bool OnTime, double DelayPer100Miles);
