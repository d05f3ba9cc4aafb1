namespace Millrace.Api.Submission;

/// <summary>The form that a submission has: JSON of ours, or a CloudEvent in one of the modes of its HTTP binding.</summary>
internal enum SubmittedForm
{
    /// <summary>A task or an array of them.</summary>
    Json,

    /// <summary>Structured mode: the whole event is the body.</summary>
    Event,

    /// <summary>Batched mode: an array of events.</summary>
    EventBatch,

    /// <summary>Binary mode: attributes are headers, the body is the data, of any media type.</summary>
    EventInHeaders,

    /// <summary>None that is read here.</summary>
    Unknown,
}
