using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Millrace.Functions;
using Millrace.Hosting;

namespace Millrace.Tests.Functions;

public sealed class FunctionRegistrationTests
{
    private static readonly List<Type> Classes =
        [.. typeof(MillraceApp).Assembly.GetTypes().Where(static type => type.GetMethods().Any(static method => method.IsDefined(typeof(FunctionAttribute))))];

    [Fact]
    public async Task Every_function_class_gets_what_it_asks_for()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["MILLRACE_POSTGRES"] = "Host=nowhere",
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
        });
        builder.Services.AddLogging().AddMillrace(builder.Configuration);
        var host = builder.Build();
        Assert.NotEmpty(Classes);
        Assert.All(Classes, type => ActivatorUtilities.CreateInstance(host.Services, type));
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    [Fact]
    public void Every_function_says_who_may_call_it() => Assert.All(
        Classes.SelectMany(static type => type.GetMethods()).SelectMany(static method => method.GetParameters()),
        static parameter =>
        {
            // [HttpTrigger("get")] alone means Anonymous in the attribute and Function on the real host.
            var trigger = parameter.GetCustomAttributesData().FirstOrDefault(static data => data.AttributeType == typeof(HttpTriggerAttribute));
            Assert.True(trigger is null || trigger.ConstructorArguments.Any(static argument => argument.ArgumentType == typeof(AuthorizationLevel)));
        });
}
