using Millrace.Api.Answers;

namespace Millrace.Api.OpenApi;

/// <summary>One route of the API, as a reader of the document needs to know it. HEAD goes without saying where there is GET.</summary>
/// <param name="Function">The name of the function that answers.</param>
/// <param name="Method">GET, POST, PUT, PATCH or DELETE.</param>
/// <param name="Path">With its parameters in braces, without constraints.</param>
/// <param name="Topic">What it is about, as the page groups it.</param>
/// <param name="Summary">What it does, in a line.</param>
internal sealed record ApiOperation(string Function, string Method, string Path, string Topic, string Summary)
{
    internal ApiAccess Access { get; init; } = ApiAccess.Function;

    /// <summary>A second function that does the same under another path.</summary>
    internal (string Function, string Path)? Alias { get; init; }

    internal IReadOnlyList<ApiParameter> Query { get; init; } = [];

    internal IReadOnlyList<ApiParameter> Headers { get; init; } = [];

    internal IReadOnlyList<ApiBody> Bodies { get; init; } = [];

    internal required IReadOnlyList<ApiAnswer> Answers { get; init; }

    /// <summary>Beside those that every operation has: 429 of the rate limit, and 503.</summary>
    internal IReadOnlyList<ApiProblem> Problems { get; init; } = [];

    /// <summary>Whether it is answered with a problem when the database is away.</summary>
    internal bool NeedsDatabase { get; init; } = true;

    /// <summary>Whether requests to it are counted against the caller's budget.</summary>
    internal bool IsLimited { get; init; } = true;

    internal IEnumerable<ApiProblem> AllProblems =>
    [
        .. Problems,
        .. IsLimited ? [ApiProblems.TooManyRequests] : Array.Empty<ApiProblem>(),
        .. NeedsDatabase ? [ApiProblems.StoreUnavailable] : Array.Empty<ApiProblem>(),
    ];

    /// <summary>Itself, and the other path that it has.</summary>
    internal IEnumerable<ApiOperation> WithAlias() =>
        Alias is { } other ? [this, this with { Function = other.Function, Path = other.Path, Alias = null }] : [this];
}
