using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Millrace.Lifecycle;

namespace Millrace.Handlers;

/// <summary>Runs tasks of one type. Data that is not a <typeparamref name="TData"/> goes to the dead letters without a retry.</summary>
/// <typeparam name="TData">The shape of <c>data</c>; never null when the handler is called.</typeparam>
public abstract class TaskHandler<TData> : TaskHandler
    where TData : notnull
{
    /// <summary>How <typeparamref name="TData"/> is read: <c>MyJson.Default.MyData</c> of a source-generated context.</summary>
    protected abstract JsonTypeInfo<TData> Format { get; }

    /// <summary>One attempt. It may happen more than once: make it idempotent. To throw is to fail.</summary>
    protected abstract ValueTask<TaskOutcome> RunAsync(TData data, TaskContext context);

    /// <inheritdoc/>
    public sealed override ValueTask<TaskOutcome> RunAsync(TaskContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return RunAsync(Read(context.Data.Span), context);
    }

    private TData Read(ReadOnlySpan<byte> data)
    {
        try
        {
            return JsonSerializer.Deserialize(data, Format)
                ?? throw new UnreadableDataException("The data is null; this handler needs an object.");
        }
        catch (JsonException exception)
        {
            throw new UnreadableDataException($"The data does not fit this handler: {exception.Message}", exception);
        }
    }
}
