using System.Net;
using System.Net.Sockets;
using Millrace.Local.Services;

namespace Millrace.Tests.Local.Services;

[Collection("Servers of their own")]
public sealed class StartingTests
{
    [Fact]
    public async Task The_ports_of_the_last_run_are_used_again_unless_somebody_took_them()
    {
        using var bench = new Bench();
        var port = await StartAndStopAsync(bench);

        var again = await StartAndStopAsync(bench);

        // Other programs of this machine choose ports too, and one may have been quicker.
        Assert.True(again == port || bench.Lines.Contains($"Port {port} is taken; Garnet uses {again}."), $"{port}, then {again}.");
    }

    [Fact]
    public async Task A_taken_port_is_stepped_over_and_said()
    {
        using var bench = new Bench();
        using var squatter = new TcpListener(IPAddress.Loopback, 0);
        squatter.Start();
        var port = ((IPEndPoint)squatter.LocalEndpoint).Port;
        bench.Remember(ServerKind.Redis, new([port], null));

        var next = await StartAndStopAsync(bench);

        Assert.True(next > port);
        Assert.Contains($"Port {port} is taken; Garnet uses {next}.", bench.Lines);
    }

    [Theory]
    [InlineData("another program's", "is another program now")]
    [InlineData("nobody's", "has ended")]
    public async Task A_stale_process_number_is_recognised_and_said(string whose, string said)
    {
        using var bench = new Bench();
        var id = whose == "nobody's" ? 4194304 : Environment.ProcessId;
        bench.Remember(ServerKind.Redis, new([16379], new(id, "long ago")));

        await StartAndStopAsync(bench);

        Assert.Contains(bench.Lines, line => line.Contains($"process {id} {said}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_started_or_installed_when_nothing_is_wanted()
    {
        using var bench = new Bench();
        var tools = Path.Combine(bench.Data, "tools");

        await using var servers = await Bench.StartAsync(bench.Options() with { ToolsDirectory = tools });

        Assert.Null(servers.PostgresConnectionString);
        Assert.Null(servers.StorageConnectionString);
        Assert.Null(servers.RedisConnectionString);
        Assert.False(Directory.Exists(tools));
        Assert.Empty(bench.Lines);
        Assert.Empty(bench.Running());
    }

    [Fact]
    public async Task A_server_that_ends_at_its_start_shows_its_last_lines()
    {
        using var bench = new Bench();
        var settings = new Dictionary<string, string> { ["fsync"] = "off", ["shared_buffers"] = "plenty" };

        var failure = await Assert.ThrowsAsync<ServerException>(
            () => Bench.StartAsync(bench.Options(ServerKind.Postgres) with { PostgresSettings = settings }));

        Assert.StartsWith("PostgreSQL ended before it answered.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("invalid value for parameter \"shared_buffers\": \"plenty\"", failure.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Running());
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_is_stopped_and_said()
    {
        using var bench = new Bench();

        var failure = await Assert.ThrowsAsync<ServerException>(
            () => Bench.StartAsync(bench.Options(ServerKind.Storage) with { StartTimeout = TimeSpan.Zero }));

        Assert.StartsWith("Azurite did not answer within 0 seconds.", failure.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Running());
    }

    [Fact]
    public async Task A_start_that_is_cancelled_leaves_nothing_running()
    {
        using var bench = new Bench();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Bench.Cancellation);
        var options = bench.Options(ServerKind.Postgres, ServerKind.Storage) with { Progress = _ => cancel.Cancel() };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ServerSet.StartAsync(options, TimeProvider.System, cancel.Token));

        Assert.Empty(bench.Running());
    }

    private static async Task<int> StartAndStopAsync(Bench bench)
    {
        await using var servers = await bench.StartAsync(ServerKind.Redis);
        return int.Parse(servers.RedisConnectionString!.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
