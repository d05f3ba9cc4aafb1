using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Millrace.Tests.Architecture;

/// <summary>Small files, small methods, one type per file.</summary>
public sealed class SizeTests
{
    private const int LongestFile = 300;
    private const int LongestBody = 40;

    [Fact]
    public void No_file_is_longer_than_300_lines() => Findings.AssertNone(
        SourceFile.All.Where(static file => file.Lines > LongestFile).Select(static file => $"{file.Path}: {file.Lines} lines"));

    [Fact]
    public void No_body_is_longer_than_40_lines() => Findings.AssertNone(
        from file in SourceFile.All
        from node in file.Syntax.DescendantNodes()
        let body = Body(node)
        where body is not null
        let lines = LinesInside(body)
        where lines > LongestBody
        select $"{file.Path}:{body.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {lines} lines");

    [Fact]
    public void One_type_stands_in_a_file() => Findings.AssertNone(
        SourceFile.All.Where(static file => file.TopLevelTypes.Count() > 1)
            .Select(static file => $"{file.Path}: {string.Join(", ", file.TopLevelTypes.Select(static type => type.Identifier.Text))}"));

    [Fact]
    public void A_file_is_named_after_its_type() => Findings.AssertNone(
        from file in SourceFile.All
        from type in file.TopLevelTypes.Take(1)
        let name = Path.GetFileNameWithoutExtension(file.Path)
        where name != type.Identifier.Text
            && !name.StartsWith(type.Identifier.Text + ".", StringComparison.Ordinal)
            && !(type is TypeDeclarationSyntax { TypeParameterList: not null } && name.StartsWith(type.Identifier.Text, StringComparison.Ordinal))
        select $"{file.Path}: {type.Identifier.Text}");

    [Fact]
    public void Nothing_is_left_to_do_in_a_comment() => Findings.AssertNone(
        from file in SourceFile.All
        from trivia in file.Syntax.DescendantTrivia(descendIntoTrivia: true)
        let text = trivia.ToString()
        where text.StartsWith("//", StringComparison.Ordinal)
            && (text.Contains("TODO", StringComparison.Ordinal) || text.Contains("FIXME", StringComparison.Ordinal) || text.Contains("HACK", StringComparison.Ordinal))
        select $"{file.Path}: {text}");

    private static SyntaxNode? Body(SyntaxNode node) => node switch
    {
        BaseMethodDeclarationSyntax method => (SyntaxNode?)method.Body ?? method.ExpressionBody,
        AccessorDeclarationSyntax accessor => (SyntaxNode?)accessor.Body ?? accessor.ExpressionBody,
        LocalFunctionStatementSyntax function => (SyntaxNode?)function.Body ?? function.ExpressionBody,
        _ => null,
    };

    /// <summary>Between the braces; an expression counts all of its lines.</summary>
    private static int LinesInside(SyntaxNode body)
    {
        var span = body.GetLocation().GetLineSpan();
        var lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
        return body is BlockSyntax ? Math.Max(0, lines - 2) : lines;
    }
}
