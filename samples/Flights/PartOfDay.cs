using System.Text.Json.Serialization;

namespace Millrace.Samples.Flights;

/// <summary>When a flight left, in quarters of a day from midnight.</summary>
internal enum PartOfDay
{
    /// <summary>Before six.</summary>
    [JsonStringEnumMemberName("night")]
    Night,

    /// <summary>Before noon.</summary>
    [JsonStringEnumMemberName("morning")]
    Morning,

    /// <summary>Before eighteen.</summary>
    [JsonStringEnumMemberName("afternoon")]
    Afternoon,

    /// <summary>The rest.</summary>
    [JsonStringEnumMemberName("evening")]
    Evening,
}
