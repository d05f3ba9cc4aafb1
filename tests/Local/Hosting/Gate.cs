using System.Threading.Channels;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Millrace.Tests.Local.Hosting;

/// <summary>Functions wait at it until the test opens it; the test waits until one has come.</summary>
public sealed class Gate
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly Channel<string> entered = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Register(IFunctionsWorkerApplicationBuilder app) => app.Services.AddSingleton(this);

    public void Open() => open.TrySetResult();

    public void Report(string word) => entered.Writer.TryWrite(word);

    public async Task PassAsync(string word, CancellationToken cancellation)
    {
        Report(word);
        await open.Task.WaitAsync(Timeout, TimeProvider.System, cancellation);
    }

    /// <summary>The next word that a function reported.</summary>
    public async Task<string> EnteredAsync() =>
        await entered.Reader.ReadAsync().AsTask().WaitAsync(Timeout, TimeProvider.System);

    public void Forget()
    {
        while (entered.Reader.TryRead(out _))
        {
            // Only what comes from now on counts.
        }
    }

    public bool HasReported => entered.Reader.TryPeek(out _);
}
