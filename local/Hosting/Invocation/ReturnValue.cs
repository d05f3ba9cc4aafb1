using System.Linq.Expressions;

namespace Millrace.Local.Hosting.Invocation;

/// <summary>Makes every kind of return value a <c>ValueTask&lt;object?&gt;</c>, without a state machine when it is there already.</summary>
internal static class ReturnValue
{
    public static Expression Adapt(MethodCallExpression call)
    {
        var type = call.Type;
        if (type == typeof(void))
        {
            return Expression.Block(call, Expression.Default(typeof(ValueTask<object?>)));
        }

        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        var (adapter, result) =
            type == typeof(Task) ? (nameof(FromTask), null)
            : type == typeof(ValueTask) ? (nameof(FromValueTask), null)
            : definition == typeof(Task<>) ? (nameof(FromTaskOf), type.GetGenericArguments()[0])
            : definition == typeof(ValueTask<>) ? (nameof(FromValueTaskOf), type.GetGenericArguments()[0])
            : (nameof(FromValue), type);
        var method = typeof(ReturnValue).GetMethod(adapter)!;
        return Expression.Call(result is null ? method : method.MakeGenericMethod(result), call);
    }

    public static ValueTask<object?> FromValue<T>(T value) => new((object?)value);

    public static ValueTask<object?> FromTask(Task task)
    {
        return task.IsCompletedSuccessfully ? default : AwaitAsync(task);

        static async ValueTask<object?> AwaitAsync(Task task)
        {
            await task;
            return null;
        }
    }

    public static ValueTask<object?> FromValueTask(ValueTask task)
    {
        return task.IsCompletedSuccessfully ? default : AwaitAsync(task);

        static async ValueTask<object?> AwaitAsync(ValueTask task)
        {
            await task;
            return null;
        }
    }

    public static ValueTask<object?> FromTaskOf<T>(Task<T> task) => FromValueTaskOf(new ValueTask<T>(task));

    public static ValueTask<object?> FromValueTaskOf<T>(ValueTask<T> task)
    {
        return task.IsCompletedSuccessfully ? new(task.Result) : AwaitAsync(task);

        static async ValueTask<object?> AwaitAsync(ValueTask<T> task) => await task;
    }
}
