using Microsoft.CodeAnalysis.CSharp.Syntax;
using Millrace.Lifecycle;
using Millrace.Store;

namespace Millrace.Tests.Architecture;

/// <summary>The state machine is stated three times; the three must agree.</summary>
public sealed class StateTests
{
    [Fact]
    public void The_diagram_names_every_state()
    {
        var comment = SourceFile.All.Single(static file => file.Path == "shared/Lifecycle/TaskState.cs").Text.Split("</code>")[0];

        Assert.All(Enum.GetNames<TaskState>(), name => Assert.Contains(name.ToLowerInvariant(), comment, StringComparison.Ordinal));
    }

    [Fact]
    public void PostgreSQLs_types_have_the_words_of_the_enums()
    {
        var migration = File.ReadAllText(Path.Combine(Support.Checkout.Root, "shared", "Store", "Migrations", "0001_pipeline.sql"));

        Assert.Contains($"CREATE TYPE finished_as AS ENUM ({Words(Enum.GetValues<FinishedAs>().Select(static one => one.Word()))})", migration, StringComparison.Ordinal);
        Assert.Contains(
            $"CREATE TYPE death_reason AS ENUM ({Words(Enum.GetValues<DeathReason>().Except([DeathReason.Interrupted]).Select(static one => one.Word()))})", migration, StringComparison.Ordinal);
        var later = File.ReadAllText(Path.Combine(Support.Checkout.Root, "shared", "Store", "Migrations", "0014_crashes.sql"));
        Assert.Contains($"ALTER TYPE death_reason ADD VALUE '{DeathReason.Interrupted.Word()}'", later, StringComparison.Ordinal);
    }

    [Fact]
    public void A_switch_over_an_enum_of_ours_has_no_default_arm()
    {
        var enums = SourceFile.All.SelectMany(static file => file.Syntax.DescendantNodes().OfType<EnumDeclarationSyntax>())
            .Select(static one => one.Identifier.Text).ToHashSet();
        var faults =
            from file in SourceFile.All
            where !file.Path.StartsWith("tests/", StringComparison.Ordinal)
            from one in file.Syntax.DescendantNodes().OfType<SwitchExpressionSyntax>()
            where one.Arms.Any(arm => arm.Pattern is ConstantPatternSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax name } } && enums.Contains(name.Identifier.Text))
            where one.Arms.Any(static arm => arm.Pattern is DiscardPatternSyntax)
            select $"{file.Path}:{one.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";

        Findings.AssertNone(faults);
    }

    private static string Words(IEnumerable<string> words) => string.Join(", ", words.Select(static word => $"'{word}'"));
}
