using System.Linq.Expressions;
using System.Reflection;
using Azure.Storage.Queues.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Local.Hosting.Discovery;
using Millrace.Local.Hosting.Queues;

namespace Millrace.Local.Hosting.Invocation;

/// <summary>A function as one delegate: instance, arguments, call and result, compiled once from its descriptor.</summary>
internal sealed class CompiledFunction
{
    private readonly Func<FunctionInvocation, object?, ValueTask<object?>> call;
    private readonly Func<FunctionInvocation, object?> create;

    public CompiledFunction(FunctionDescriptor descriptor, InstanceFactory instances)
    {
        Descriptor = descriptor;
        Definition = descriptor.Definition;
        create = descriptor.Method.IsStatic ? static _ => null : instances.For(descriptor.Method.DeclaringType!);
        call = Compile(descriptor);
    }

    public FunctionDescriptor Descriptor { get; }

    public FunctionDefinition Definition { get; }

    public string Name => Definition.Name;

    public ValueTask<object?> InvokeAsync(FunctionInvocation invocation) => call(invocation, create(invocation));

    private static Func<FunctionInvocation, object?, ValueTask<object?>> Compile(FunctionDescriptor descriptor)
    {
        var invocation = Expression.Parameter(typeof(FunctionInvocation), "invocation");
        var instance = Expression.Parameter(typeof(object), "instance");
        var method = descriptor.Method;
        var target = method.IsStatic ? null : Expression.Convert(instance, method.DeclaringType!);
        var arguments = method.GetParameters().Select(parameter => Argument(descriptor, parameter, invocation));
        var body = ReturnValue.Adapt(Expression.Call(target, method, arguments));
        return Expression.Lambda<Func<FunctionInvocation, object?, ValueTask<object?>>>(body, invocation, instance).Compile();
    }

    private static Expression Argument(FunctionDescriptor descriptor, ParameterInfo parameter, Expression invocation)
    {
        var type = parameter.ParameterType;
        if (type == typeof(FunctionContext))
        {
            return invocation;
        }

        if (type == typeof(CancellationToken))
        {
            return Expression.Property(invocation, nameof(FunctionInvocation.CancellationToken));
        }

        if (type == typeof(HttpRequest))
        {
            return Expression.Property(Expression.Property(invocation, nameof(FunctionInvocation.HttpContext)), nameof(HttpContext.Request));
        }

        if (parameter != descriptor.Trigger.Parameter)
        {
            return Named(parameter, invocation);
        }

        return descriptor.Trigger is QueueTriggerSource
            ? Message(parameter, Expression.Property(invocation, nameof(FunctionInvocation.Delivery)), invocation)
            : Expression.Property(invocation, nameof(FunctionInvocation.Timer));
    }

    private static MethodCallExpression Named(ParameterInfo parameter, Expression invocation) =>
        Expression.Call(
            typeof(ParameterValue).GetMethod(nameof(ParameterValue.Named))!.MakeGenericMethod(parameter.ParameterType),
            invocation,
            Expression.Constant(parameter.Name!),
            Expression.Constant(parameter.HasDefaultValue),
            parameter is { HasDefaultValue: true, DefaultValue: { } value }
                ? Expression.Convert(Expression.Constant(value), parameter.ParameterType)
                : Expression.Default(parameter.ParameterType));

    private static Expression Message(ParameterInfo parameter, Expression delivery, Expression invocation)
    {
        var property = parameter.ParameterType switch
        {
            var type when type == typeof(string) || type == typeof(object) => nameof(QueueDelivery.Text),
            var type when type == typeof(byte[]) => nameof(QueueDelivery.Bytes),
            var type when type == typeof(BinaryData) => nameof(QueueDelivery.Binary),
            var type when type == typeof(QueueMessage) => nameof(QueueDelivery.Message),
            _ => null,
        };
        return property is not null
            ? Expression.Property(delivery, property)
            : Expression.Call(
                typeof(ParameterValue).GetMethod(nameof(ParameterValue.FromJson))!.MakeGenericMethod(parameter.ParameterType),
                invocation,
                Expression.Constant(parameter.Name!));
    }
}
