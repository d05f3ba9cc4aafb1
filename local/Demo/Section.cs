using Spectre.Console;
using Spectre.Console.Rendering;

namespace Millrace.Local.Demo;

/// <summary>A part of the report: a line with its name, and the table below.</summary>
internal static class Section
{
    internal static IRenderable Of(string title, IRenderable content) => new Rows(
        Text.Empty,
        new Rule($"[bold]{title}[/]") { Justification = Justify.Left, Style = new Style(Color.Grey37) },
        new Padder(content).Padding(1, 0, 0, 0));

    /// <summary>A table without walls; its columns stand apart by two blanks.</summary>
    internal static Table Table() => new Table { Border = TableBorder.None, Expand = false, ShowRowSeparators = false };

    internal static Table Left(this Table table, string name) => table.AddColumn(Column(name));

    internal static Table Right(this Table table, string name) => table.AddColumn(Column(name).RightAligned());

    private static TableColumn Column(string name) => new($"[grey]{name}[/]") { Padding = new Padding(0, 0, 2, 0), NoWrap = true };
}
