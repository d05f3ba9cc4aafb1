using Millrace.Local.Services;

namespace Millrace.Tests.Local.Services;

public sealed class FileLockTests : IDisposable
{
    private readonly Bench bench = new();

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

    public void Dispose() => bench.Dispose();

    private static Task<FileLock> TakeAsync(string path, Action waiting) =>
        FileLock.AcquireAsync(path, TimeSpan.FromMilliseconds(100), waiting, TimeProvider.System, Bench.Cancellation);
}
