using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Millrace.Tests.Support;

namespace Millrace.Tests.Architecture;

/// <summary>A source file of ours and its syntax.</summary>
internal sealed class SourceFile
{
    private static readonly string[] Projects = ["shared", "functions", "local", "client", "cli", "dashboard", "samples", "tests", "benchmarks"];

    private static readonly Lazy<IReadOnlyList<SourceFile>> Read = new(ReadAll);

    private SourceFile(string path, string text)
    {
        (Path, Text) = (path, text);
        Syntax = CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview), path).GetCompilationUnitRoot();
    }

    internal static IReadOnlyList<SourceFile> All => Read.Value;

    /// <summary>Below the repository, with slashes: <c>shared/Store/TaskStore.cs</c>.</summary>
    internal string Path { get; }

    internal string Text { get; }

    internal CompilationUnitSyntax Syntax { get; }

    internal int Lines => Text.AsSpan().Count('\n');

    internal IEnumerable<BaseTypeDeclarationSyntax> TopLevelTypes => Syntax.Members
        .SelectMany(static member => member is BaseNamespaceDeclarationSyntax space ? space.Members : [member])
        .OfType<BaseTypeDeclarationSyntax>();

    private static List<SourceFile> ReadAll() => [.. Projects
        .Select(static project => System.IO.Path.Combine(Checkout.Root, project))
        .Where(Directory.Exists)
        .SelectMany(static folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        .Select(static file => System.IO.Path.GetRelativePath(Checkout.Root, file).Replace('\\', '/'))
        .Where(static path => !path.Split('/').Any(static part => part is "bin" or "obj" or "node_modules"))
        .Order(StringComparer.Ordinal)
        .Select(static path => new SourceFile(path, File.ReadAllText(System.IO.Path.Combine(Checkout.Root, path))))];
}
