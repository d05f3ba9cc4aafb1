using Microsoft.Extensions.DependencyInjection;
using Millrace.Dispatch;
using Millrace.Inspect;
using Millrace.Store;

namespace Millrace.DeadLetters;

/// <summary>What can be done with dead letters.</summary>
internal static class DeadLettersServiceCollectionExtensions
{
    internal static IServiceCollection AddDeadLetters(this IServiceCollection services) =>
        services.AddSingleton(static s => new DeadLetterDesk(
            s.GetRequiredService<TaskStore>(), s.GetRequiredService<TaskSearch>(), s.GetRequiredService<DispatchNudge>().Nudge))
            .AddSingleton(static s => new DeadLetterExport(s.GetRequiredService<TaskStore>()));
}
