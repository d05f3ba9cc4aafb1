using Millrace.Local.Services;

namespace Millrace.Tests.Local.Services;

public sealed class ServerStateFileTests : IDisposable
{
    private readonly Bench bench = new();

    [Fact]
    public void A_damaged_state_file_counts_as_none()
    {
        var path = Path.Combine(bench.Data, "damaged.json");
        File.WriteAllText(path, "{ \"Redis\": { \"po");
        var state = new ServerStateFile(path);
        Assert.Null(state.Find(ServerKind.Redis));

        state.Put(ServerKind.Redis, new([16379], null));

        Assert.Equal([16379], state.Find(ServerKind.Redis)!.Ports);
    }

    public void Dispose() => bench.Dispose();
}
