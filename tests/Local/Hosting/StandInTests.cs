using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Millrace.Local.Hosting;

namespace Millrace.Tests.Local.Hosting;

/// <summary>The twins have the public surface of the real types (facts, section 3), and nothing more.</summary>
public sealed class StandInTests
{
    // 3.1 and 3.2, written down by hand from the sources of the real packages.
    private static readonly Dictionary<string, string> Surface = new()
    {
        ["Microsoft.Azure.Functions.Worker.FunctionAttribute"] = ".ctor(String) Name",
        ["Microsoft.Azure.Functions.Worker.HttpTriggerAttribute"] =
            ".ctor() .ctor(AuthorizationLevel) .ctor(AuthorizationLevel,String[]) .ctor(String[]) AuthLevel Methods Route=",
        ["Microsoft.Azure.Functions.Worker.TimerTriggerAttribute"] = ".ctor(String) RunOnStartup= Schedule UseMonitor=",
        ["Microsoft.Azure.Functions.Worker.TimerInfo"] = ".ctor() IsPastDue= ScheduleStatus=",
        ["Microsoft.Azure.Functions.Worker.ScheduleStatus"] = ".ctor() Last= LastUpdated= Next=",
        ["Microsoft.Azure.Functions.Worker.QueueTriggerAttribute"] = ".ctor(String) Connection= QueueName",
        ["Microsoft.Azure.Functions.Worker.QueueOutputAttribute"] = ".ctor(String) Connection= QueueName",
        ["Microsoft.Azure.Functions.Worker.FixedDelayRetryAttribute"] = ".ctor(Int32,String) DelayInterval",
        ["Microsoft.Azure.Functions.Worker.ExponentialBackoffRetryAttribute"] = ".ctor(Int32,String,String) MaximumInterval MinimumInterval",
        ["Microsoft.Azure.Functions.Worker.FunctionContext"] =
            "BindingContext CancellationToken Features FunctionDefinition FunctionId InstanceServices= InvocationId Items= RetryContext TraceContext",
        ["Microsoft.Azure.Functions.Worker.BindingContext"] = "BindingData",
        ["Microsoft.Azure.Functions.Worker.TraceContext"] = "Attributes Baggage TraceParent TraceState",
        ["Microsoft.Azure.Functions.Worker.RetryContext"] = "MaxRetryCount RetryCount",
        ["Microsoft.Azure.Functions.Worker.FunctionDefinition"] = "EntryPoint Id InputBindings Name OutputBindings Parameters PathToAssembly",
        ["Microsoft.Azure.Functions.Worker.BindingMetadata"] = "Direction Name Type",
        ["Microsoft.Azure.Functions.Worker.IInvocationFeatures"] = "Get() Set(T)",
        ["Microsoft.Azure.Functions.Worker.FunctionContextExtensions"] = "GetHttpContext(FunctionContext)",
        ["Microsoft.Azure.Functions.Worker.FunctionContextLoggerExtensions"] = "GetLogger(FunctionContext) GetLogger(FunctionContext,String)",
        ["Microsoft.Azure.Functions.Worker.IFunctionsWorkerApplicationBuilder"] = "Services Use(Func`2)",
        ["Microsoft.Azure.Functions.Worker.Middleware.IFunctionsWorkerMiddleware"] = "Invoke(FunctionContext,FunctionExecutionDelegate)",
        ["Microsoft.Extensions.Hosting.MiddlewareWorkerApplicationBuilderExtensions"] =
            "UseMiddleware(IFunctionsWorkerApplicationBuilder) UseMiddleware(IFunctionsWorkerApplicationBuilder,Func`3) "
            + "UseWhen(IFunctionsWorkerApplicationBuilder,Func`2) UseWhen(IFunctionsWorkerApplicationBuilder,Func`2,Func`3)",
    };

    public static TheoryData<string> Types => [.. Surface.Keys];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_twin_has_exactly_the_members_of_the_real_type(string name)
    {
        var type = typeof(FunctionsHost).Assembly.GetType(name, throwOnError: true)!;
        const BindingFlags own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var members = type.GetConstructors(own).Select(constructor => ".ctor" + Parameters(constructor))
            .Concat(type.GetProperties(own).Select(property => property.Name + (property.SetMethod is { IsPublic: true } ? "=" : "")))
            .Concat(type.GetMethods(own).Where(method => !method.IsSpecialName).Select(method => method.Name + Parameters(method)));
        Assert.Equal(Surface[name], string.Join(' ', members.Order(StringComparer.Ordinal)));
    }

    // 3.1: the attribute object of [HttpTrigger("get")] has AuthLevel=Anonymous; without arguments it is Function.
    [Fact]
    public void The_trap_of_the_missing_level_is_mirrored()
    {
        Assert.Equal(AuthorizationLevel.Anonymous, new HttpTriggerAttribute("get").AuthLevel);
        Assert.Equal(AuthorizationLevel.Function, new HttpTriggerAttribute().AuthLevel);
    }

    private static string Parameters(MethodBase method) =>
        $"({string.Join(',', method.GetParameters().Select(parameter => parameter.ParameterType.Name))})";
}
