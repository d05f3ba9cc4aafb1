using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Millrace.DeadLetters;
using Millrace.Dispatch;
using Millrace.Functions;
using Millrace.Inspect;
using Millrace.Tests.Support;

namespace Millrace.Tests.Inspect;

public sealed partial class FunctionRegistrationTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Type[] Classes =
    [
        typeof(InspectFunctions), typeof(CancelFunctions), typeof(DeadLetterFunctions), typeof(WorkerFunctions), typeof(QueueDepthFunctions),
        typeof(HealthFunctions), typeof(MetricsFunctions), typeof(VerifyFunctions),
    ];

    [Fact]
    public void Every_function_class_gets_what_it_asks_for()
    {
        var services = new ServiceCollection()
            .AddSingleton(database.Store)
            .AddSingleton(TimeProvider.System)
            .AddSingleton<TaskDispatcher>(static _ => null!)
            .AddInspect(new ConfigurationBuilder().Build().GetSection("Inspect"))
            .AddDeadLetters();
        using var provider = services.BuildServiceProvider();
        Assert.All(Classes, c => Assert.All(
            c.GetConstructors().Single().GetParameters().Where(static p => p.ParameterType != typeof(TaskDispatcher)),
            p => Assert.NotNull(provider.GetService(p.ParameterType))));
    }

    [Fact]
    public void Function_names_are_acceptable_and_no_two_are_the_same()
    {
        var names = Classes.SelectMany(static c => c.GetMethods()).Select(static m => m.GetCustomAttribute<FunctionAttribute>()?.Name).OfType<string>().ToList();
        Assert.All(names, static n => Assert.Matches(Acceptable(), n));
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]*$")]
    private static partial Regex Acceptable();
}
