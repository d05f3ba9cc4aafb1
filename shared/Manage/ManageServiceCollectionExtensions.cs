using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Millrace.Dispatch;
using Millrace.Redis;
using Millrace.Store;
using Millrace.Submit;

namespace Millrace.Manage;

/// <summary>What can be done to tasks after their submission.</summary>
internal static class ManageServiceCollectionExtensions
{
    internal static IServiceCollection AddManage(this IServiceCollection services) => services
        .AddSingleton(static s => new TaskCanceller(Store(s), () => s.GetRequiredService<RedisSignal>().Publish(RedisKeys.CancelTopic)))
        .AddSingleton(static s => new TaskEditor(Store(s), Nudge(s), LargestTask(s)))
        .AddSingleton(static s => new TaskReplayer(Store(s), Nudge(s), LargestTask(s)));

    private static TaskStore Store(IServiceProvider services) => services.GetRequiredService<TaskStore>();

    private static Action<string> Nudge(IServiceProvider services) => services.GetRequiredService<DispatchNudge>().Nudge;

    private static int LargestTask(IServiceProvider services) => services.GetRequiredService<IOptions<SubmitOptions>>().Value.MaxTaskBytes;
}
