using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Millrace.Client;

namespace Millrace.Tests.Client;

/// <summary>Answers in place of the API, and keeps what was asked.</summary>
internal sealed class StubApi(Func<StubApi.Asked, HttpResponseMessage> answer) : HttpMessageHandler
{
    internal List<Asked> All { get; } = [];

    internal Asked Only => Assert.Single(All);

    /// <summary>The client over it, with every wait of its own made short.</summary>
    internal MillraceClient Client(Action<MillraceClientOptions>? change = null, FakeTimeProvider? clock = null)
    {
        var services = new ServiceCollection();
        if (clock is not null)
        {
            services.AddSingleton<TimeProvider>(clock);
        }

        services.AddMillraceClient(options =>
            {
                options.BaseAddress = new Uri("https://millrace.test/root");
                options.FunctionKey = "secret";
                options.RetryDelay = TimeSpan.Zero;
                change?.Invoke(options);
            })
            .ConfigurePrimaryHttpMessageHandler(() => this);
        return services.BuildServiceProvider().GetRequiredService<MillraceClient>();
    }

    internal static StubApi With(string json, HttpStatusCode status = HttpStatusCode.OK) => new(_ => Json(status, json));

    internal static HttpResponseMessage Json(HttpStatusCode status, string json, string mediaType = "application/json") =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, mediaType) };

    internal static HttpResponseMessage Problem(HttpStatusCode status, string slug) => Json(
        status,
        $$"""{"type": "urn:millrace:problem:{{slug}}", "title": "It is so.", "status": {{(int)status}}, "detail": "Do this."}""",
        "application/problem+json");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        var asked = new Asked(
            request.Method.Method, request.RequestUri!.PathAndQuery, body,
            request.Headers.ToDictionary(static h => h.Key, static h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase));
        All.Add(asked);
        var answered = answer(asked);
        answered.RequestMessage = request;
        return answered;
    }

    /// <summary>One request as it arrived.</summary>
    internal sealed record Asked(string Method, string Path, string? Body, IReadOnlyDictionary<string, string> Headers)
    {
        /// <summary>The method and the path behind the client's root.</summary>
        internal string Line => $"{Method} {Path["/root/".Length..]}";
    }
}
