using Millrace.Tests.Chaos.Witnessing;
using Npgsql;

namespace Millrace.Tests.Chaos.Places;

/// <summary>
/// Turns times of the database's clock into monotonic ones. The best of several looks counts: half of its round trip bounds the error.
/// </summary>
internal sealed record DatabaseClock(DateTime At, long Monotonic, long ErrorNanoseconds)
{
    private const int Looks = 10;

    internal static async Task<DatabaseClock> MeasureAsync(string admin, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(admin);
        await connection.OpenAsync(cancellation);
        DatabaseClock? best = null;
        for (var look = 0; look < Looks; look++)
        {
            await using var command = new NpgsqlCommand("SELECT clock_timestamp()", connection);
            var before = Witnessing.Monotonic.Now;
            var at = (DateTime)(await command.ExecuteScalarAsync(cancellation))!;
            var after = Witnessing.Monotonic.Now;
            if (best is null || (after - before) / 2 < best.ErrorNanoseconds)
            {
                best = new(at, before + ((after - before) / 2), (after - before) / 2);
            }
        }

        return best!;
    }

    internal long Of(DateTime time) => Monotonic + Witnessing.Monotonic.Of(time - At);
}
