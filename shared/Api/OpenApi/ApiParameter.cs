using System.Text.Json.Nodes;

namespace Millrace.Api.OpenApi;

/// <summary>A parameter in the query or a header of an operation.</summary>
internal sealed record ApiParameter(string Name, JsonObject Schema, string Description);
