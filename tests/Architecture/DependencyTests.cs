using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Millrace.Tests.Support;

namespace Millrace.Tests.Architecture;

/// <summary>Dependencies point one way.</summary>
public sealed partial class DependencyTests
{
    /// <summary>The folders of shared/ in layers: each may use the layers before its own, and its neighbours only where it is said.</summary>
    private static readonly string[][] Layers =
    [
        ["Lifecycle"],
        ["Store", "Queues", "Redis", "Handlers", "Telemetry"],
        ["Submit", "Dispatch", "Execute", "Heal", "Schedules", "Limits"],
        ["Api"],
        ["Inspect", "Manage", "DeadLetters"],
        ["Hosting"],
    ];

    /// <summary>Between folders of one layer.</summary>
    private static readonly (string From, string To)[] Neighbours =
    [
        ("Telemetry", "Store"),
        ("Queues", "Store"),
        ("Submit", "Dispatch"),
        ("Execute", "Dispatch"),
        ("Heal", "Dispatch"),
        ("Manage", "Inspect"),
        ("DeadLetters", "Inspect"),
        ("DeadLetters", "Manage"),
    ];

    /// <summary>A project may name those before it; the app's handlers (samples) come before the app.</summary>
    private static readonly string[] Projects =
        ["shared", "samples", "functions", "local", "client", "cli", "dashboard", "tests", "benchmarks"];

    [Fact]
    public void Every_folder_of_shared_has_its_layer()
    {
        var folders = SourceFile.All.Where(static file => file.Path.StartsWith("shared/", StringComparison.Ordinal))
            .Select(static file => file.Path.Split('/')[1]).Where(static name => !name.EndsWith(".cs", StringComparison.Ordinal)).Distinct();

        Findings.AssertNone(folders.Except(Layers.SelectMany(static layer => layer)));
    }

    [Fact]
    public void A_folder_of_shared_uses_only_what_lies_below_it() => Findings.AssertNone(
        from file in SourceFile.All
        where file.Path.StartsWith("shared/", StringComparison.Ordinal) && file.Path.Split('/').Length > 2
        let folder = file.Path.Split('/')[1]
        from used in UsedFolders(file)
        where used != folder && !MayUse(folder, used)
        select $"{file.Path} uses Millrace.{used}");

    [Fact]
    public void The_state_machine_uses_the_base_class_library_only() => Findings.AssertNone(
        from file in SourceFile.All
        where file.Path.StartsWith("shared/Lifecycle/", StringComparison.Ordinal)
        from name in Usings(file)
        where !name.StartsWith("System", StringComparison.Ordinal)
        select $"{file.Path} uses {name}");

    [Fact]
    public void A_namespace_is_its_folder() => Findings.AssertNone(
        from file in SourceFile.All
        where file.Path.StartsWith("shared/", StringComparison.Ordinal) || file.Path.StartsWith("tests/", StringComparison.Ordinal)
        from space in file.Syntax.Members.OfType<BaseNamespaceDeclarationSyntax>()
        let parts = file.Path.Split('/')[..^1]
        let expected = string.Join('.', ((string[])["Millrace"]).Concat(parts[0] == "tests" ? ["Tests"] : []).Concat(parts.Skip(1)))
        where space.Name.ToString() != expected
        select $"{file.Path}: {space.Name}, not {expected}");

    [Fact]
    public void Triggers_decide_nothing_about_tasks() => Findings.AssertNone(
        from file in SourceFile.All
        where file.Path.StartsWith("functions/", StringComparison.Ordinal) && file.Path.EndsWith("Functions.cs", StringComparison.Ordinal)
        from node in file.Syntax.DescendantNodes()
        where node is IfStatementSyntax or SwitchStatementSyntax or SwitchExpressionSyntax or ForEachStatementSyntax or WhileStatementSyntax
        select $"{file.Path}: {node.GetType().Name}");

    [Fact]
    public void No_project_names_a_later_one()
    {
        var faults =
            from project in Projects.Index()
            let folder = Path.Combine(Checkout.Root, project.Item)
            where Directory.Exists(folder)
            from file in Directory.EnumerateFiles(folder, "*.csproj")
            from Match named in ProjectReference().Matches(File.ReadAllText(file))
            let target = Array.IndexOf(Projects, named.Groups[1].Value)
            where target >= project.Index
            select $"{project.Item} names {named.Groups[1].Value}";

        Findings.AssertNone(faults);
    }

    [Fact]
    public void The_client_is_installed_alone() => Assert.DoesNotMatch(
        ProjectReference(), File.ReadAllText(Path.Combine(Checkout.Root, "client", "Millrace.Client.csproj")));

    [Fact]
    public void Only_the_store_speaks_SQL() => Findings.AssertNone(
        from file in SourceFile.All
        where file.Path.StartsWith("shared/", StringComparison.Ordinal) && !file.Path.StartsWith("shared/Store/", StringComparison.Ordinal)
        where Sql().IsMatch(file.Text)
        select file.Path);

    private static bool MayUse(string folder, string used) =>
        LayerOf(used) < LayerOf(folder) || Neighbours.Contains((folder, used));

    private static int LayerOf(string folder) => Array.FindIndex(Layers, layer => layer.Contains(folder));

    private static IEnumerable<string> UsedFolders(SourceFile file) => Usings(file)
        .Where(static name => name.StartsWith("Millrace.", StringComparison.Ordinal))
        .Select(static name => name.Split('.')[1])
        .Concat(Qualified().Matches(file.Text).Select(static match => match.Groups[1].Value).Where(static name => LayerOf(name) >= 0))
        .Distinct();

    private static IEnumerable<string> Usings(SourceFile file) =>
        file.Syntax.DescendantNodes().OfType<UsingDirectiveSyntax>().Select(static directive => directive.Name!.ToString());

    [GeneratedRegex(@"ProjectReference Include=""\.\./(\w+)/")]
    private static partial Regex ProjectReference();

    [GeneratedRegex(@"(?<![\w.""])(?:Millrace\.)([A-Z]\w+)\.")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"\b(INSERT INTO|DELETE FROM|SELECT .* FROM)\b")]
    private static partial Regex Sql();
}
