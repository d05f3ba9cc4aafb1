using Microsoft.Extensions.Hosting;
using Millrace.Local.Hosting.Invocation;
using Millrace.Local.Hosting.Settings;

namespace Millrace.Local.Hosting;

/// <summary>A host, assembled but not running.</summary>
/// <param name="App">The app's own services and hosted services.</param>
/// <param name="Settings">What was read.</param>
/// <param name="Control">What an operator sees.</param>
/// <param name="Listeners">Queues and timers.</param>
/// <param name="Tally">The work in flight.</param>
/// <param name="Stopping">Tells work in flight to stop.</param>
/// <param name="Http">Null without HTTP.</param>
/// <param name="Warnings">Sentences to say at start.</param>
internal sealed record BuiltHost(
    IHost App,
    HostSettings Settings,
    HostControl Control,
    ListenerGroup Listeners,
    InvocationTally Tally,
    CancellationTokenSource Stopping,
    BuiltHttp? Http,
    IReadOnlyList<string> Warnings);
