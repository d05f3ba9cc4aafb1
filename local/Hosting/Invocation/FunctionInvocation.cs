using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Local.Hosting.Queues;

namespace Millrace.Local.Hosting.Invocation;

/// <summary>
/// One invocation. Everything but the trigger is made when first asked for: scope, token, ids, items. It is also the
/// request's source of services, so that results and functions share one scope.
/// </summary>
internal sealed class FunctionInvocation(CompiledFunction function, InvocationEnvironment environment)
    : FunctionContext, IServiceProvidersFeature, IAsyncDisposable
{
    /// <summary>Where the real worker keeps the request in <see cref="Items"/>.</summary>
    public const string HttpContextKey = "HttpRequestContext";

    private readonly Lock gate = new();
    private CancellationTokenSource? cancellation;
    private bool isCancelled;
    private AsyncServiceScope? scope;
    private IServiceProvider? services;
    private IDictionary<object, object>? items;

    public HttpContext? HttpContext { get; init; }

    public QueueDelivery? Delivery { get; init; }

    public TimerInfo? Timer { get; init; }

    /// <summary>A traceparent that came with the work.</summary>
    public string? IncomingTraceParent { get; init; }

    /// <summary>Cancelled by the trigger: on shutdown, or when the client is gone.</summary>
    public CancellationToken TriggerToken { get; init; }

    public RetryState Retry { get; init; } = RetryState.None;

    /// <summary>What the function returned, or middleware put in its place.</summary>
    public object? Result { get; set; }

    public CompiledFunction Function => function;

    public override string InvocationId => field ??= Guid.CreateVersion7().ToString();

    public override string FunctionId => function.Definition.Id;

    public override FunctionDefinition FunctionDefinition => function.Definition;

    public override TraceContext TraceContext => field ??= InvocationTrace.Of(this);

    public override BindingContext BindingContext => field ??= TriggerMetadata.Of(this);

    public override RetryContext RetryContext => Retry;

    public override IInvocationFeatures Features => field ??= new InvocationFeatures();

    public override IDictionary<object, object> Items
    {
        get => items ??= HttpContext is null
            ? new Dictionary<object, object>()
            : new Dictionary<object, object> { [HttpContextKey] = HttpContext };
        set => items = value;
    }

    public override IServiceProvider InstanceServices
    {
        get => services ?? CreateScope();
        set => services = value;
    }

    public override CancellationToken CancellationToken => cancellation?.Token ?? CreateToken();

    /// <summary>Services for an instance that needs no scope of its own.</summary>
    public IServiceProvider RootServices => environment.Services;

    IServiceProvider IServiceProvidersFeature.RequestServices
    {
        get => InstanceServices;
        set => InstanceServices = value;
    }

    /// <summary>Tells the function to stop; it may not listen.</summary>
    public void Cancel()
    {
        lock (gate)
        {
            isCancelled = true;
        }

        cancellation?.Cancel();
    }

    public ValueTask DisposeAsync()
    {
        cancellation?.Dispose();
        return scope is { } open ? open.DisposeAsync() : ValueTask.CompletedTask;
    }

    private IServiceProvider CreateScope()
    {
        lock (gate)
        {
            if (services is null)
            {
                scope = environment.Services.CreateAsyncScope();
                services = scope.Value.ServiceProvider;
            }

            return services;
        }
    }

    private CancellationToken CreateToken()
    {
        lock (gate)
        {
            if (cancellation is null)
            {
                var source = CancellationTokenSource.CreateLinkedTokenSource(
                    HttpContext?.RequestAborted ?? CancellationToken.None, TriggerToken, environment.Stopping);
                if (isCancelled)
                {
                    source.Cancel();
                }

                cancellation = source;
            }

            return cancellation.Token;
        }
    }
}
