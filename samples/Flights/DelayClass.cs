using System.Text.Json.Serialization;

namespace Millrace.Samples.Flights;

/// <summary>How late a flight was.</summary>
internal enum DelayClass
{
    /// <summary>Before its time.</summary>
    [JsonStringEnumMemberName("early")]
    Early,

    /// <summary>Less than 15 minutes late.</summary>
    [JsonStringEnumMemberName("on_time")]
    OnTime,

    /// <summary>Less than an hour late.</summary>
    [JsonStringEnumMemberName("late")]
    Late,

    /// <summary>An hour late or more.</summary>
    [JsonStringEnumMemberName("very_late")]
    VeryLate,
}
