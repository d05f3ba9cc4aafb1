using Spectre.Console;
using Spectre.Console.Rendering;

namespace Millrace.Local.Demo;

/// <summary>What will not be tried again, by cause.</summary>
internal static class DeadLetterTable
{
    internal static IRenderable Of(IReadOnlyList<DeadLetterGroup> groups)
    {
        if (groups.Count == 0)
        {
            return Section.Of("Dead letters", new Text("None."));
        }

        var table = Section.Table().Left("cause").Right("tasks").Right("attempts").Left("why, and the first few");
        table.Columns[3].NoWrap = false;
        foreach (var group in groups)
        {
            table.AddRow(
                $"[yellow3]{group.Reason}[/]\n[grey]{Markup.Escape(group.ErrorType)}[/]",
                DemoText.Count(group.Count),
                Attempts(group),
                $"{Markup.Escape(group.Message)}\n[grey]{Markup.Escape(string.Join('\n', group.Examples))}[/]");
        }

        return Section.Of("Dead letters", table);
    }

    private static string Attempts(DeadLetterGroup group) =>
        group.FewestAttempts == group.MostAttempts ? $"{group.MostAttempts}" : $"{group.FewestAttempts} to {group.MostAttempts}";
}
