using System.CommandLine;
using System.Globalization;
using Millrace.Local.Hosting;

namespace Millrace.Local;

/// <summary>Reads the flags; wrong ones are refused with a sentence and the list of what there is.</summary>
internal static class LocalCommand
{
    internal static RootCommand Create(string root, Func<LocalOptions, CancellationToken, Task<int>> run)
    {
        var port = new Option<int>("--port")
        {
            Description = "Where HTTP listens. A port that is taken is stepped over.",
            DefaultValueFactory = static _ => FunctionsHostOptions.DefaultPort,
        };
        port.Validators.Add(static result =>
        {
            // A text that is no number must not be converted here: that throws.
            if (result.Tokens is [var given] && !ushort.TryParse(given.Value, CultureInfo.InvariantCulture, out _))
            {
                result.AddError("--port takes a number from 0 (any free one) to 65535.");
            }
        });
        var data = new Option<string>("--data")
        {
            Description = "The folder of data, logs and installed servers.",
            DefaultValueFactory = _ => Path.Combine(root, ".millrace"),
        };
        var reset = new Option<bool>("--reset") { Description = "Empty the data first." };
        var demo = new Option<bool>("--demo") { Description = "Run 20,000 real flights as tasks, show what became of them, and end." };
        var auth = new Option<bool>("--enable-auth") { Description = "Demand keys on loopback too." };
        var noHttp = new Option<bool>("--no-http") { Description = "Timers and executors only." };
        var noExecutors = new Option<bool>("--no-executors") { Description = "HTTP and timers only." };
        var command = new RootCommand("Runs Millrace whole on this machine: servers that are not configured, HTTP, timers and executors.")
        {
            port, data, reset, demo, auth, noHttp, noExecutors,
        };
        command.SetAction((parsed, cancellation) => run(
            new LocalOptions
            {
                Port = parsed.GetValue(port),
                Data = Path.GetFullPath(parsed.GetValue(data)!),
                Reset = parsed.GetValue(reset),
                Demo = parsed.GetValue(demo),
                EnableAuth = parsed.GetValue(auth),
                NoHttp = parsed.GetValue(noHttp),
                NoExecutors = parsed.GetValue(noExecutors),
            },
            cancellation));
        return command;
    }
}
