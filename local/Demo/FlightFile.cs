using System.Text.Json;
using Millrace.Local.Services;
using Millrace.Local.Services.Install;

namespace Millrace.Local.Demo;

/// <summary>The flights, as the npm package vega-datasets brings them. Read as a stream, never whole.</summary>
internal sealed class FlightFile(string path)
{
    /// <summary>How many the pinned version has.</summary>
    internal const int Flights = 20_000;

    /// <summary>Finds the file beside the installed servers, and installs it when it is not there.</summary>
    internal static async Task<FlightFile> FindAsync(LocalOptions options, Action<string> say, TimeProvider clock, CancellationToken cancellation)
    {
        var packages = new NodePackages(Path.Combine(options.Data, "tools"), say, clock);
        await packages.EnsureAsync(cancellation);
        var path = Path.Combine(packages.Modules, "vega-datasets", "data", "flights-20k.json");
        return File.Exists(path)
            ? new FlightFile(path)
            : throw new ServerException($"{path} is missing. Delete {Path.GetDirectoryName(packages.Modules)} and start again: it is installed anew.");
    }

    /// <summary>The flights after the first <paramref name="skip"/>, each with its row, counted from 1.</summary>
    internal async IAsyncEnumerable<(int Row, JsonElement Flight)> ReadAsync(
        int skip, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        var row = 0;
        await foreach (var flight in JsonSerializer.DeserializeAsyncEnumerable(file, DemoJson.Default.JsonElement, cancellation))
        {
            if (++row > skip)
            {
                yield return (row, flight);
            }
        }
    }
}
