using Spectre.Console;
using Spectre.Console.Rendering;

namespace Millrace.Local.Demo;

/// <summary>The ledger as a line that must add up.</summary>
internal static class LedgerTable
{
    internal static IRenderable Of(LedgerFigures ledger)
    {
        var table = Section.Table().Right("accepted").Left(string.Empty).Right("live").Right("succeeded").Right("failed").Right("cancelled")
            .Right("expired").Left("clean");
        table.AddRow(
            $"[bold]{DemoText.Count(ledger.Accepted)}[/]",
            "=",
            DemoText.Count(ledger.Live),
            DemoText.Count(ledger.Succeeded),
            DemoText.Count(ledger.Failed),
            DemoText.Count(ledger.Cancelled),
            DemoText.Count(ledger.Expired),
            ledger.IsClean ? "[bold green3]yes[/]" : "[bold red]no[/]");
        return Section.Of($"Ledger of queue '{DemoStore.Queue}', all runs", Explained(ledger, table));
    }

    private static Rows Explained(LedgerFigures ledger, Table table)
    {
        List<IRenderable> lines = [table];
        if (ledger.Removed > 0)
        {
            lines.Add(new Markup($"[grey]{DemoText.Count(ledger.Removed)} more were dead letters that are removed.[/]"));
        }

        if (ledger.Twice > 0)
        {
            lines.Add(new Markup($"[red]{DemoText.Count(ledger.Twice)} flights were submitted twice.[/]"));
        }

        lines.AddRange(ledger.Faults.Select(static fault => new Markup($"[red]{Markup.Escape(fault)}[/]")));
        return new Rows(lines);
    }
}
