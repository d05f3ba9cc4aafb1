using System.Threading.Channels;
using Millrace.Store;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Submit;

/// <summary>
/// Group commit: single submissions that arrive while a statement runs share the next one. Each is answered only after the
/// commit that holds it.
/// </summary>
internal sealed class SubmitGroup : IAsyncDisposable
{
    private const int Largest = 500;

    /// <summary>A statement may not outgrow what PostgreSQL takes; one more task may come on top.</summary>
    private const long LargestBytes = 32 * 1_048_576;

    private readonly Channel<Waiting> waiting = Channel.CreateBounded<Waiting>(10_000);
    private readonly Func<IReadOnlyList<NewTask>, CancellationToken, Task<Acceptance>> commit;
    private readonly Task committing;

    /// <param name="commit">Writes a group.</param>
    /// <param name="atOnce">Statements that run at once: one makes the largest groups and the most a second, more do not all wait for the same thing.</param>
    internal SubmitGroup(Func<IReadOnlyList<NewTask>, CancellationToken, Task<Acceptance>> commit, int atOnce)
    {
        this.commit = commit;
        committing = Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(CommitAsync)));
    }

    internal async Task<Acceptance> SubmitAsync(NewTask task, CancellationToken cancellation)
    {
        var mine = new Waiting(task, new TaskCompletionSource<Acceptance>());
        await waiting.Writer.WriteAsync(mine, cancellation);
        return await mine.Accepted.Task.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await committing;
    }

    private async Task CommitAsync()
    {
        List<Waiting> group = new(Largest);
        while (await waiting.Reader.WaitToReadAsync())
        {
            for (var bytes = 0L; group.Count < Largest && bytes < LargestBytes && waiting.Reader.TryRead(out var next);)
            {
                group.Add(next);
                bytes += next.Task.Data.Length;
            }

            if (group.Count > 0)
            {
                await CommitAsync(group);
                group.Clear();
            }
        }
    }

    private async Task CommitAsync(List<Waiting> group)
    {
        try
        {
            var accepted = await commit(group.ConvertAll(static one => one.Task), CancellationToken.None);
            Answer(group, one => one.SetResult(accepted));
        }
        catch (PostgresException exception) when (StoreOutage.IsRefusal(exception) && group.Count > 1)
        {
            // One task that PostgreSQL refuses must not refuse its neighbours.
            foreach (var one in group)
            {
                await CommitAsync([one]);
            }
        }
        catch (Exception exception)
        {
            Answer(group, one => one.SetException(exception));
        }
    }

    /// <summary>One after the other on one thread, beside the next group: a thread for each costs more than what is left to do for it.</summary>
    private static void Answer(List<Waiting> group, Action<TaskCompletionSource<Acceptance>> answer)
    {
        Waiting[] all = [.. group];
        ThreadPool.UnsafeQueueUserWorkItem(_ => Array.ForEach(all, one => answer(one.Accepted)), null);
    }

    private readonly record struct Waiting(NewTask Task, TaskCompletionSource<Acceptance> Accepted);
}
