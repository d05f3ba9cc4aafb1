using Millrace.Local.Demo;

namespace Millrace.Tests.Local.Demo;

public sealed class AirportTableTests
{
    [Fact]
    public void The_rest_is_one_line_below_the_busiest()
    {
        var airports = Enumerable.Range(1, 18).Select(n => new AirportRow($"A{n:00}", n, n, n * 10, 0, 0, 0)).ToList();

        var rows = AirportTable.Rows(airports).ToList();

        Assert.Equal(AirportTable.Shown + 1, rows.Count);
        Assert.Equal("A18", rows[0].Origin);
        Assert.Equal(new AirportRow("3 more", 6, 6, 60, 0, 0, 0), rows[^1]);
        Assert.Equal(airports.Sum(row => row.Flights), rows.Sum(row => row.Flights));
    }

    [Fact]
    public void Few_airports_have_no_rest()
    {
        AirportRow[] airports = [new("LAX", 2, 2, 4, 1, 0, 0), new("SFO", 2, 2, 4, 1, 0, 0), new("ATL", 9, 9, 4, 1, 0, 0)];

        Assert.Equal(["ATL", "LAX", "SFO"], AirportTable.Rows(airports).Select(row => row.Origin));
    }

    [Fact]
    public void A_mean_is_weighted_by_flights()
    {
        var sum = AirportRow.Sum("total", [new("LAX", 4, 3, 30, 3, 1, 0), new("SFO", 1, 1, 2, 0, 0, 0)]);

        Assert.Equal(8, sum.MeanDelay);
        Assert.Equal(0.75, sum.OnTimeShare);
        Assert.Equal(1, sum.Rejected);
    }

    [Fact]
    public void Without_a_graded_flight_there_is_no_mean()
    {
        var row = new AirportRow("GTF", 2, 0, 0, 0, 2, 0);

        Assert.Equal("–", DemoText.Minutes(row.MeanDelay));
        Assert.Equal("–", DemoText.Percent(row.OnTimeShare));
    }
}
