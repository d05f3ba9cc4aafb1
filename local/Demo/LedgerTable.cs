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
        if (ledger.Dropped > 0)
        {
            lines.Add(new Markup($"[grey]{DemoText.Count(ledger.Dropped)} finished tasks were older than the retention and are not kept.[/]"));
        }

        if (ledger.Twice > 0)
        {
            lines.Add(new Markup($"[red]{DemoText.Count(ledger.Twice)} tasks are there twice.[/]"));
        }

        return new Rows(lines);
    }
}
