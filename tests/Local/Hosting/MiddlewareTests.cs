using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Millrace.Tests.Support;

namespace Millrace.Tests.Local.Hosting;

public sealed class MiddlewareTests(AzuriteFixture azurite)
{
    // 3.2: UseMiddleware registers a singleton; order of registration; UseWhen by predicate.
    [Fact]
    public async Task Middleware_runs_in_the_order_of_its_registration()
    {
        var gate = new Gate();
        await using var host = await new TestHost
        {
            Configure = (app, _) =>
            {
                gate.Register(app);
                app.UseMiddleware<Outer>();
                app.UseMiddleware(async (context, next) =>
                {
                    gate.Report("inner " + context.FunctionDefinition.Name);
                    await next();
                });
                app.UseWhen<Never>(context => context.FunctionDefinition.InputBindings.Values.Any(binding => binding.Type == "queueTrigger"));
            },
        }.StartAsync(typeof(Traced));
        Assert.Equal("traced", await host.Client.GetStringAsync("/api/traced", TestContext.Current.CancellationToken));
        Assert.Equal("outer before", await gate.EnteredAsync());
        Assert.Equal("inner traced", await gate.EnteredAsync());
        Assert.Equal("outer after", await gate.EnteredAsync());
    }

    // Worker: the result is written after all middleware; middleware can replace it and sees the request.
    [Fact]
    public async Task Middleware_can_turn_an_exception_into_an_answer()
    {
        await using var host = await new TestHost
        {
            Configure = (app, _) => app.UseMiddleware(async (context, next) =>
            {
                try
                {
                    await next();
                }
                catch (InvalidOperationException) when (context.GetHttpContext() is not null)
                {
                    context.GetInvocationResult().Value = Results.StatusCode(StatusCodes.Status418ImATeapot);
                }
            }),
        }.StartAsync(typeof(HttpTriggerTests.Web));
        using var response = await host.Client.GetAsync("/api/throws", TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode)418, response.StatusCode);
    }

    // 3.2: scoped services come from context.InstanceServices, the invocation's scope, also for queue triggers.
    [Fact]
    public async Task Function_middleware_and_result_share_one_scope_per_invocation()
    {
        await using var app = new QueueApp(azurite);
        await app.Queue.CreateAsync(cancellationToken: TestContext.Current.CancellationToken);
        var register = (IFunctionsWorkerApplicationBuilder worker) =>
        {
            app.Gate.Register(worker);
            worker.Services.AddScoped<Scoped>();
            worker.UseMiddleware(async (context, next) =>
            {
                context.InstanceServices.GetRequiredService<Scoped>().Word += "m";
                await next();
            });
        };
        await app.StartAsync(typeof(UsesScope), configure: register);
        await app.SendAsync("1");
        await app.SendAsync("2");
        Assert.Equal("mf", await app.Gate.EnteredAsync());
        Assert.Equal("mf", await app.Gate.EnteredAsync());
    }

    public sealed class Outer(Gate gate) : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            gate.Report("outer before");
            await next(context);
            gate.Report("outer after");
        }
    }

    public sealed class Never : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) => throw new InvalidOperationException("not for HTTP");
    }

    public sealed class Traced
    {
        [Function("traced")]
        public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Results.Text("traced");
    }

    public sealed class Scoped
    {
        public string Word { get; set; } = string.Empty;
    }

    public sealed class UsesScope(Scoped scoped, Gate gate)
    {
        [Function("usesscope")]
        public void Run([QueueTrigger("%QueueName%")] string message)
        {
            scoped.Word += "f";
            gate.Report(scoped.Word);
        }
    }
}
