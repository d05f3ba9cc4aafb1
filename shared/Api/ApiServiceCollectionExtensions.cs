using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Millrace.Api.OpenApi;
using Millrace.Api.RateLimit;

namespace Millrace.Api;

/// <summary>What stands around every request.</summary>
internal static class ApiServiceCollectionExtensions
{
    internal static IServiceCollection AddApi(this IServiceCollection services, IConfigurationSection settings)
    {
        services.AddSingleton<IValidateOptions<ApiOptions>, ApiOptionsValidator>();
        services.AddOptions<ApiOptions>().Bind(settings).ValidateOnStart();
        return services.AddSingleton<RequestBudget>().AddSingleton(static _ => new ApiGuide());
    }
}
