using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace Millrace.Client;

/// <summary>Registers the client.</summary>
public static class MillraceClientServiceCollectionExtensions
{
    private const string KeyHeader = "x-functions-key";

    /// <summary>Adds <see cref="MillraceClient"/>, which repeats what is safe to repeat. It may be kept as long as one likes.</summary>
    /// <returns>The builder of its HTTP client, for handlers of your own.</returns>
    public static IHttpClientBuilder AddMillraceClient(this IServiceCollection services, Action<MillraceClientOptions> configure)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptionsWithValidateOnStart<MillraceClientOptions, MillraceClientOptionsValidator>().Configure(configure);
        var builder = services.AddHttpClient(nameof(MillraceClient)).AddTypedClient(Create)

            // Connections follow the DNS by their own lifetime, so a client that a singleton holds never grows stale.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .UseSocketsHttpHandler(static (handler, _) =>
            {
                handler.AutomaticDecompression = DecompressionMethods.All;
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);

                // The API never redirects, and the key must not follow if something else does.
                handler.AllowAutoRedirect = false;
            });
        builder.AddStandardResilienceHandler().Configure(static (resilience, provider) => RetryRules.Apply(resilience, OptionsOf(provider)));
        return builder;
    }

    private static MillraceClientOptions OptionsOf(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<MillraceClientOptions>>().Value;

    private static MillraceClient Create(HttpClient http, IServiceProvider provider)
    {
        var options = OptionsOf(provider);
        var root = options.BaseAddress!;
        http.BaseAddress = root.AbsolutePath.EndsWith('/') ? root : new UriBuilder(root) { Path = root.AbsolutePath + "/" }.Uri;

        // The handlers below bound every call; this one would cut a stream of tasks.
        http.Timeout = Timeout.InfiniteTimeSpan;
        if (!string.IsNullOrEmpty(options.FunctionKey))
        {
            http.DefaultRequestHeaders.Add(KeyHeader, options.FunctionKey);
        }

        return new MillraceClient(http, options, provider.GetRequiredService<TimeProvider>());
    }
}
