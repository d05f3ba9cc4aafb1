using Millrace.Client;

namespace Millrace.Tests.Client.Example;

internal sealed class Greeter(MillraceClient millrace)
{
    internal async Task<string?> GreetAsync(string name, CancellationToken cancellation)
    {
        var task = await millrace.SubmitAsync("echo", new Greeting(name), GreetJson.Default.Greeting, cancellation);
        var result = await millrace.WaitAsync(task.Id, TimeSpan.FromMinutes(1), cancellation);
        return result.HasEnded ? result.Read(GreetJson.Default.Greeting)?.Name : null;
    }
}
