using System.Text.Json.Nodes;
using Millrace.Api.Requests;

namespace Millrace.Api.OpenApi;

/// <summary>One form of an operation's body. A schema is a shape or refers to one of <see cref="ApiBodies.Named"/>.</summary>
internal sealed record ApiBody(JsonObject Schema, string MediaType = "application/json")
{
    /// <summary>Whether there may be no body.</summary>
    internal bool IsOptional { get; init; }
}
