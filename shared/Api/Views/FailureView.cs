using Millrace.Store.Rows;

namespace Millrace.Api.Views;

/// <summary>Tasks that failed in the same way: <c>dead</c> dead letters, and <c>retrying</c> live ones that are tried again.</summary>
internal sealed record FailureView(
    string Fingerprint, string Type, string ErrorType, string ErrorMessage, long Dead, long Retrying, DateTime FirstAt, DateTime LastAt, Guid Newest)
{
    internal static FailureView From(FailureGroup group) => new(
        group.Fingerprint, group.Type, group.ErrorType, group.ErrorMessage, group.Dead, group.Retrying, group.FirstAt, group.LastAt, group.Newest.Value);
}
