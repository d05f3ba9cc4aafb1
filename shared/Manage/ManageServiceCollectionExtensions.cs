using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Millrace.Dispatch;
using Millrace.Inspect;
using Millrace.Store;

namespace Millrace.Manage;

/// <summary>What operators change.</summary>
internal static class ManageServiceCollectionExtensions
{
    internal static IServiceCollection AddManage(this IServiceCollection services) => services.AddSingleton(static s => new QueueManager(
        s.GetRequiredService<TaskStore>(),
        s.GetRequiredService<IOptions<InspectOptions>>().Value.Kept,
        s.GetRequiredService<TimeProvider>(),
        s.GetRequiredService<DispatchNudge>().Nudge));
}
