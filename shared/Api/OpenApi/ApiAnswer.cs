using System.Text.Json.Serialization.Metadata;
using Millrace.Api.Requests;

namespace Millrace.Api.OpenApi;

/// <summary>An answer that is no problem.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Description">When it is given.</param>
/// <param name="View">The shape of its JSON; null when it has none.</param>
/// <param name="MediaType">Of its body; null when there is none.</param>
internal sealed record ApiAnswer(int Status, string Description, JsonTypeInfo? View = null, string? MediaType = null)
{
    /// <summary>What the member <c>problem</c> of the view may be.</summary>
    internal IReadOnlyList<ApiProblem> Inside { get; init; } = [];
}
