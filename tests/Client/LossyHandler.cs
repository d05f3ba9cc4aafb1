using System.Net;

namespace Millrace.Tests.Client;

/// <summary>Lets every request through and loses the first two answers, as a proxy does that gives up.</summary>
internal sealed class LossyHandler : DelegatingHandler
{
    internal List<string> Keys { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Keys.AddRange(request.Headers.GetValues("Idempotency-Key"));
        var answer = await base.SendAsync(request, cancellationToken);
        if (Keys.Count > 2)
        {
            return answer;
        }

        answer.Dispose();
        return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { RequestMessage = request };
    }
}
