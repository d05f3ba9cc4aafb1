using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Execute;
using Millrace.Handlers;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Benchmarks.Micro;

/// <summary>One attempt: from the claimed task to what becomes of it.</summary>
public class ExecutePath
{
    private readonly ClaimMark mark = new();
    private readonly ServiceProvider services = new ServiceCollection()
        .AddTaskHandler<NothingHandler>("nothing", ServiceLifetime.Singleton).AddTaskHandler<ThrowingHandler>("throws", ServiceLifetime.Singleton)
        .BuildServiceProvider();

    private readonly AttemptRunner runner;
    private DateTime due = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Called by BenchmarkDotNet.</summary>
    public ExecutePath() => runner = new AttemptRunner(
        new HandlerRegistry(services.GetServices<HandlerRegistration>()), services,
        new FailureLog(TimeProvider.System, NullLogger<FailureLog>.Instance), NullLogger<AttemptRunner>.Instance);

    /// <summary>A handler that does nothing.</summary>
    [Benchmark]
    public Task<object> Succeed() => AttemptAsync("nothing");

    /// <summary>A handler that throws: the exception, its trace and the decision to try again.</summary>
    [Benchmark]
    public Task<object> Throw() => AttemptAsync("throws");

    /// <summary>Moves the place where the next claim begins.</summary>
    [Benchmark]
    public object Mark()
    {
        due = due.AddMilliseconds(1);
        mark.Took(due, Guid.Empty, 100);
        return mark.Due;
    }

    private async Task<object> AttemptAsync(string type)
    {
        var task = new TaskRecord
        {
            Id = default,
            Ticket = default,
            Place = 1,
            Type = type,
            QueueName = "default",
            Priority = 5,
            DueAt = due,
            Claim = new ClaimedTask(0, 0, false, new RetryPolicy(3, 1, 2, 60)),
            TimeoutSeconds = 60,
            Data = [],
            Context = null,
            TraceParent = null,
        };
        return AttemptRules.Decide(task.Claim, await runner.RunAsync(runner.NewAttempt(task)));
    }

    private sealed class NothingHandler : TaskHandler
    {
        public override ValueTask<TaskOutcome> RunAsync(TaskContext context) => new(TaskOutcome.Succeeded());
    }

    private sealed class ThrowingHandler : TaskHandler
    {
        public override ValueTask<TaskOutcome> RunAsync(TaskContext context) => throw new InvalidOperationException("This task was made to fail.");
    }
}
