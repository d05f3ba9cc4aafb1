using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Millrace.Dispatch;
using Millrace.Handlers;
using Millrace.Inspect;
using Millrace.Redis;
using Millrace.Store;
using Millrace.Submit;

namespace Millrace.Manage;

/// <summary>What can be done to tasks after their submission, and to queues.</summary>
internal static class ManageServiceCollectionExtensions
{
    internal static IServiceCollection AddManage(this IServiceCollection services) => services
        .AddSingleton(static s => new TaskCanceller(Store(s), CancelRequested(s)))
        .AddSingleton(static s => new TaskEditor(Store(s), Nudge(s), LargestTask(s)))
        .AddSingleton(static s => new TaskReplayer(Store(s), Nudge(s), LargestTask(s)))
        .AddSingleton(static s => new QueueManager(
            Store(s), s.GetRequiredService<IOptions<InspectOptions>>().Value.Kept, s.GetRequiredService<TimeProvider>(), Nudge(s)))
        .AddSingleton(static s => new BulkChunks(Store(s), Nudge(s), CancelRequested(s)))
        .AddSingleton(static s => new BulkActionDesk(
            Store(s), s.GetRequiredService<TaskSubmitter>(), s.GetRequiredService<TaskCanceller>(), s.GetRequiredService<BulkChunks>(),
            s.GetRequiredService<TimeProvider>()))
        .AddSingleton(static s => new FailureDesk(Store(s), s.GetRequiredService<BulkActionDesk>()))
        .AddTaskHandler<BulkActionHandler>(BulkActionHandler.Type, ServiceLifetime.Singleton);

    private static Action CancelRequested(IServiceProvider services) =>
        () => services.GetRequiredService<RedisSignal>().Publish(RedisKeys.CancelTopic);

    private static TaskStore Store(IServiceProvider services) => services.GetRequiredService<TaskStore>();

    private static Action<string> Nudge(IServiceProvider services) => services.GetRequiredService<DispatchNudge>().Nudge;

    private static int LargestTask(IServiceProvider services) => services.GetRequiredService<IOptions<SubmitOptions>>().Value.MaxTaskBytes;
}
