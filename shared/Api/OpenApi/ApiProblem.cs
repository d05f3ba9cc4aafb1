using Millrace.Api.Answers;

namespace Millrace.Api.OpenApi;

/// <summary>A kind of problem: the end of its <c>type</c>, and its status.</summary>
internal sealed record ApiProblem(string Slug, int Status)
{
    internal string Type => Problems.Prefix + Slug;
}
