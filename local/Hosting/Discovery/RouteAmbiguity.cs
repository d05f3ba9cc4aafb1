using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Millrace.Local.Hosting.Discovery;

/// <summary>
/// Whether two HTTP triggers can match one request. When in doubt the answer is yes: only constraints known to exclude
/// each other (<c>{id:guid}</c> and <c>{n:int}</c>) or to exclude a literal separate two routes.
/// </summary>
internal static class RouteAmbiguity
{
    private static readonly HashSet<string> Numbers = new(StringComparer.OrdinalIgnoreCase) { "int", "long" };
    private static readonly HashSet<string> NotNumbers = new(StringComparer.OrdinalIgnoreCase) { "guid", "bool", "alpha" };

    public static bool CanBothMatch(HttpTriggerSource one, HttpTriggerSource other) =>
        MethodsMeet(one.Methods, other.Methods) && SegmentsMeet(one.Pattern, other.Pattern, 0);

    private static bool MethodsMeet(IReadOnlyList<string> one, IReadOnlyList<string> other) =>
        one.Count == 0 || other.Count == 0 || one.Intersect(other, StringComparer.Ordinal).Any();

    private static bool SegmentsMeet(RoutePattern one, RoutePattern other, int index)
    {
        var (ended, otherEnded) = (index >= one.PathSegments.Count, index >= other.PathSegments.Count);
        if (ended || otherEnded)
        {
            return (ended || CanEndAt(one, index)) && (otherEnded || CanEndAt(other, index));
        }

        var (segment, otherSegment) = (one.PathSegments[index], other.PathSegments[index]);
        if (IsCatchAll(segment) || IsCatchAll(otherSegment))
        {
            return true;
        }

        return (CanEndAt(one, index) && CanEndAt(other, index))
            || (SegmentMeets(one, segment, other, otherSegment) && SegmentsMeet(one, other, index + 1));
    }

    private static bool CanEndAt(RoutePattern pattern, int index) =>
        pattern.PathSegments.Skip(index).All(segment => segment is { IsSimple: true }
            && segment.Parts[0] is RoutePatternParameterPart part && (part.IsOptional || part.IsCatchAll || part.Default is not null));

    private static bool IsCatchAll(RoutePatternPathSegment segment) =>
        segment.Parts[^1] is RoutePatternParameterPart { IsCatchAll: true };

    private static bool SegmentMeets(
        RoutePattern one, RoutePatternPathSegment segment, RoutePattern other, RoutePatternPathSegment otherSegment) =>
        (Literal(segment), Literal(otherSegment)) switch
        {
            ({ } literal, { } otherLiteral) => literal.Equals(otherLiteral, StringComparison.OrdinalIgnoreCase),
            ({ } literal, null) => Accepts(other, otherSegment, literal),
            (null, { } literal) => Accepts(one, segment, literal),
            (null, null) => !Exclude(ConstraintsOf(segment), ConstraintsOf(otherSegment)),
        };

    private static string? Literal(RoutePatternPathSegment segment) =>
        segment is { IsSimple: true } && segment.Parts[0] is RoutePatternLiteralPart literal ? literal.Content : null;

    private static bool Accepts(RoutePattern pattern, RoutePatternPathSegment segment, string literal)
    {
        if (!segment.IsSimple)
        {
            // "{name}.{extension}": a literal fits when it has the same text between the parameters.
            var shape = string.Concat(segment.Parts.Select(part => part switch
            {
                RoutePatternLiteralPart text => Regex.Escape(text.Content),
                RoutePatternSeparatorPart text => Regex.Escape(text.Content),
                _ => ".*",
            }));
            return Regex.IsMatch(literal, $"^{shape}$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking);
        }

        var parameter = (RoutePatternParameterPart)segment.Parts[0];
        var values = new RouteValueDictionary { [parameter.Name] = literal };
        return parameter.ParameterPolicies
            .Select(policy => policy.Content is { } text ? Resolver.Create(text) : policy.ParameterPolicy as IRouteConstraint)
            .OfType<IRouteConstraint>()
            .All(constraint => constraint.Match(null, null, parameter.Name, values, RouteDirection.IncomingRequest));
    }

    private static string[] ConstraintsOf(RoutePatternPathSegment segment) =>
        segment is { IsSimple: true } && segment.Parts[0] is RoutePatternParameterPart parameter
            ? [.. parameter.ParameterPolicies.Select(policy => policy.Content).OfType<string>()]
            : [];

    private static bool Exclude(string[] one, string[] other) =>
        (one.Any(Numbers.Contains) && other.Any(NotNumbers.Contains))
        || (one.Any(NotNumbers.Contains) && other.Any(Numbers.Contains))
        || (one.Contains("guid", StringComparer.OrdinalIgnoreCase) && other.Contains("bool", StringComparer.OrdinalIgnoreCase))
        || (one.Contains("bool", StringComparer.OrdinalIgnoreCase) && other.Contains("guid", StringComparer.OrdinalIgnoreCase));

    private static InlineConstraints Resolver { get; } = new();
}
