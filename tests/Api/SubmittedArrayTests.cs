using System.Text;
using Millrace.Api.Submission;
using Millrace.Lifecycle;
using Millrace.Submit;

namespace Millrace.Tests.Api;

/// <summary>What reading an array of tasks takes, whatever is in it.</summary>
public sealed class SubmittedArrayTests
{
    private const int MostItems = 10_000;

    private static readonly TaskDefaults Defaults = new(new RetryPolicy(0, 1, 1, 1), 60, new HashSet<string> { "echo" });

    [Fact]
    public void Millions_of_empty_tasks_are_counted_and_take_no_more_memory_than_as_many_as_may_come()
    {
        var (array, untold, allocated) = Read("[{}" + string.Concat(Enumerable.Repeat(",{}", 5_499_999)) + "]");

        Assert.Equal((5_500_000, MostItems), (array.Count, array.Items.Count));
        Assert.Equal(MostItems - FaultBudget.MostFaults, untold);
        Assert.InRange(allocated, 0, 16_500_000);
    }

    [Fact]
    public void A_hundred_faults_in_each_task_take_a_small_multiple_of_the_body()
    {
        var task = "{" + string.Join(',', Enumerable.Range(0, 100).Select(static n => $"\"f{n}\":1")) + "}";
        var body = "[" + string.Join(',', Enumerable.Repeat(task, 1_000)) + "]";

        var (_, untold, allocated) = Read(body);

        Assert.Equal((1_000 * 101) - FaultBudget.MostFaults, untold);
        Assert.InRange(allocated, 0, 8L * body.Length);
    }

    private static (SubmittedArray Array, long Untold, long Allocated) Read(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var budget = new FaultBudget();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var array = SubmittedArray.Read(bytes, MostItems, budget, static (ref reader, text, _, faults) =>
        {
            var draft = new TaskDraft(faults);
            draft.Read(ref reader, text);
            return new SubmittedItem(draft.ToTask(Defaults, default(TaskId), null), faults.Told());
        });
        return (array, budget.Untold, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
