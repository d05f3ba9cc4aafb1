using System.Net;
using System.Net.Sockets;
using Millrace.Local.Services;
using Millrace.Local.Services.Processes;

namespace Millrace.Tests.Local.Services;

public sealed class SmallPartsTests : IDisposable
{
    private readonly Bench bench = new();

    public SmallPartsTests() => Directory.CreateDirectory(bench.Data);

    [Fact]
    public void A_living_process_is_known_by_its_birth_and_not_by_its_number()
    {
        var self = ProcessMark.Of(Environment.ProcessId)!;

        Assert.True(self.IsAlive());
        Assert.Equal(self, ProcessMark.Parse(self.Text));
        Assert.False((self with { Birth = "another day" }).IsAlive());
        Assert.Null(ProcessMark.Of(4194304));
        Assert.Null(ProcessMark.Parse("no number here"));
    }

    [Fact]
    public void A_block_of_ports_is_moved_as_a_whole_when_one_of_it_is_taken()
    {
        var free = LoopbackPorts.Choose(20500, 2, []);
        using var squatter = new TcpListener(IPAddress.Loopback, free[1]);
        squatter.Start();

        var next = LoopbackPorts.Choose(free[0], 2, []);

        Assert.True(next[0] > free[1]);
        Assert.Equal(next[0] + 1, next[1]);
    }

    [Fact]
    public void A_port_claimed_for_another_server_is_not_chosen()
    {
        var free = LoopbackPorts.Choose(20700, 1, []);

        Assert.True(LoopbackPorts.Choose(free[0], 1, free)[0] > free[0]);
    }

    [Fact]
    public void The_tail_of_a_log_is_its_last_lines_however_long_it_is()
    {
        var path = Path.Combine(bench.Data, "long.log");
        File.WriteAllLines(path, Enumerable.Range(1, 50_000).Select(number => $"line {number}"));

        Assert.Equal($"line 49999{Environment.NewLine}line 50000", LogTail.Last(path, 2));
        Assert.True(LogTail.Begins(path, "line 7\n"));
        Assert.StartsWith("(Nothing was written", LogTail.Last(path + ".none"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_that_is_held_too_long_says_what_to_do()
    {
        var path = Path.Combine(bench.Data, "lock");
        var waited = 0;
        using var held = await TakeAsync(path, () => { });

        var failure = await Assert.ThrowsAsync<ServerException>(() => TakeAsync(path, () => waited++));

        Assert.EndsWith("End that process and start again.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, waited);
    }

    [Fact]
    public void A_damaged_state_file_counts_as_none()
    {
        var path = Path.Combine(bench.Data, "state.json");
        File.WriteAllText(path, "{ \"Redis\": { \"po");
        var state = new ServerStateFile(path);
        Assert.Null(state.Find(ServerKind.Redis));

        state.Put(ServerKind.Redis, new([16379], null));

        Assert.Equal([16379], state.Find(ServerKind.Redis)!.Ports);
    }

    public void Dispose() => bench.Dispose();

    private static Task<FileLock> TakeAsync(string path, Action waiting) =>
        FileLock.AcquireAsync(path, TimeSpan.FromMilliseconds(100), waiting, TimeProvider.System, Bench.Cancellation);
}
