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

    private CancellationTokenSource? cancellation;
    private volatile bool isCancelled;
    private IServiceScope? scope;
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
        isCancelled = true;
        Volatile.Read(ref cancellation)?.Cancel();
    }

    public ValueTask DisposeAsync()
    {
        cancellation?.Dispose();
        return scope is null ? ValueTask.CompletedTask : ((IAsyncDisposable)scope).DisposeAsync();
    }

    // A function may ask from several threads; the first wins. Cheaper than a lock object per invocation.
    private IServiceProvider CreateScope()
    {
        var created = environment.Services.CreateScope();
        if (Interlocked.CompareExchange(ref scope, created, null) is { } first)
        {
            created.Dispose();
            return services = first.ServiceProvider;
        }

        return services = created.ServiceProvider;
    }

    private CancellationToken CreateToken()
    {
        var created = CancellationTokenSource.CreateLinkedTokenSource(
            HttpContext?.RequestAborted ?? CancellationToken.None, TriggerToken, environment.Stopping);
        if (Interlocked.CompareExchange(ref cancellation, created, null) is { } first)
        {
            created.Dispose();
            return first.Token;
        }

        if (isCancelled)
        {
            created.Cancel();
        }

        return created.Token;
    }
}
