using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Millrace.Tests.Local.Hosting;

/// <summary>Remembers log events, and lets a test wait for one instead of sleeping.</summary>
internal sealed class LogProbe : ILoggerProvider
{
    private readonly ConcurrentQueue<(EventId Id, LogLevel Level, string Text)> events = [];
    private readonly Channel<int> signal = Channel.CreateUnbounded<int>();

    public IEnumerable<string> Warnings => events.Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Text);

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public async Task WaitForAsync(int eventId, int times = 1)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (events.Count(entry => entry.Id.Id == eventId) < times)
        {
            await signal.Reader.ReadAsync(timeout.Token);
        }
    }

    public void Dispose() => signal.Writer.TryComplete();

    private sealed class Logger(LogProbe probe) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            probe.events.Enqueue((eventId, logLevel, formatter(state, exception)));
            probe.signal.Writer.TryWrite(eventId.Id);
        }
    }
}
