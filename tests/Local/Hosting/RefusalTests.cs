using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Millrace.Tests.Local.Hosting;

public sealed class RefusalTests
{
    // 4.1 Precedence: "no ambiguous templates (use constraints), and let the local host fail at start on ambiguity".
    [Theory]
    [InlineData(typeof(LiteralAndParameter), "can match the same request")]
    [InlineData(typeof(TwoParameters), "can match the same request")]
    [InlineData(typeof(OptionalTail), "can match the same request")]
    // 3.6: names unique ignoring case (AZFW0017); regex; not "host".
    [InlineData(typeof(SameNames), "2 functions are named")]
    [InlineData(typeof(BadName), "Function name \"1st\" is not allowed")]
    [InlineData(typeof(NamedHost), "Function name \"host\" is not allowed")]
    // 3.6: no async void (AZFW0002); one binding attribute per parameter (AZFW0005).
    [InlineData(typeof(AsyncVoid), "is async void (AZFW0002)")]
    [InlineData(typeof(TwoTriggers), "has 2 triggers")]
    [InlineData(typeof(NoTrigger), "has no trigger")]
    // 3.1: retry attributes are legal on Timer only (AZFW0012).
    [InlineData(typeof(RetriedQueue), "retry attribute on a queue trigger (AZFW0012)")]
    [InlineData(typeof(RetriedHttp), "retry attribute on an HTTP trigger (AZFW0012)")]
    // 4.4 schedules; 4.1 %Name% and Connection resolution.
    [InlineData(typeof(BadCron), "has the schedule \"every minute\"")]
    [InlineData(typeof(UnknownSetting), "refers to %Missing%")]
    [InlineData(typeof(UnknownConnection), "needs the storage connection Missing")]
    [InlineData(typeof(BadQueueName), "names the queue \"a--b\"")]
    // The host's own routes.
    [InlineData(typeof(AdminRoute), "begin with admin or runtime")]
    [InlineData(typeof(RuntimeRoute), "begin with admin or runtime")]
    [InlineData(typeof(NotPublic), "cannot be called")]
    [InlineData(typeof(UserLevel), "AuthorizationLevel.User")]
    public async Task A_wrong_function_is_refused_with_a_sentence(Type function, string sentence)
    {
        await using var host = new TestHost();
        Assert.Contains(sentence, Assert.Single(await host.FaultsAsync(function)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_faults_are_said_at_once()
    {
        await using var host = new TestHost { HostJson = """{ "version": "2.0", "extensions": { "queues": { "batchSize": 33 } } }""" };
        Assert.Equal(3, (await host.FaultsAsync(typeof(BadCron), typeof(AsyncVoid))).Count);
    }

    [Theory]
    [InlineData(typeof(SeparatedByConstraint))]
    [InlineData(typeof(SeparatedByMethod))]
    [InlineData(typeof(SeparatedByKind))]
    [InlineData(typeof(SeparatedByLength))]
    public async Task Routes_that_cannot_meet_are_accepted(Type functions)
    {
        await using var host = await new TestHost().StartAsync(functions);
        Assert.Equal(2, host.Host.Functions.Count);
    }

    public sealed class LiteralAndParameter
    {
        [Function("a")]
        public static IResult A([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tasks/search")] HttpRequest request) => Results.Ok();

        [Function("b")]
        public static IResult B([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tasks/{id}")] HttpRequest request) => Results.Ok();
    }

    public sealed class TwoParameters
    {
        [Function("a")]
        public static IResult A([HttpTrigger(AuthorizationLevel.Anonymous, Route = "tasks/{name:alpha}")] HttpRequest request) => Results.Ok();

        [Function("b")]
        public static IResult B([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tasks/{id:guid}")] HttpRequest request) => Results.Ok();
    }

    public sealed class OptionalTail
    {
        [Function("a")]
        public static IResult A([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tasks/{id?}")] HttpRequest request) => Results.Ok();

        [Function("b")]
        public static IResult B([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tasks")] HttpRequest request) => Results.Ok();
    }

    public sealed class SeparatedByConstraint
    {
        [Function("a")]
        public static IResult A([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tasks/search")] HttpRequest request) => Results.Ok();

        [Function("b")]
        public static IResult B([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tasks/{id:guid}")] HttpRequest request) => Results.Ok();
    }

    public sealed class SeparatedByMethod
    {
        [Function("a")]
        public static IResult A([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tasks/{id}")] HttpRequest request) => Results.Ok();

        [Function("b")]
        public static IResult B([HttpTrigger(AuthorizationLevel.Anonymous, "delete", "put", Route = "tasks/{id}")] HttpRequest request) => Results.Ok();
    }

    public sealed class SeparatedByKind
    {
        [Function("a")]
        public static IResult A([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tasks/{id:guid}")] HttpRequest request) => Results.Ok();

        [Function("b")]
        public static IResult B([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tasks/{n:int}")] HttpRequest request) => Results.Ok();
    }

    public sealed class SeparatedByLength
    {
        [Function("a")]
        public static IResult A([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tasks/{id}")] HttpRequest request) => Results.Ok();

        [Function("b")]
        public static IResult B([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tasks/{id}/logs")] HttpRequest request) => Results.Ok();
    }

    public sealed class SameNames
    {
        [Function("same")]
        public static void A([QueueTrigger("q-a")] string message) => _ = message;

        [Function("SAME")]
        public static void B([QueueTrigger("q-b")] string message) => _ = message;
    }

    public sealed class BadName
    {
        [Function("1st")]
        public static void Run([QueueTrigger("q-a")] string message) => _ = message;
    }

    public sealed class NamedHost
    {
        [Function("host")]
        public static void Run([QueueTrigger("q-a")] string message) => _ = message;
    }

    public sealed class AsyncVoid
    {
        [Function("void")]
        public static async void Run([QueueTrigger("q-a")] string message) => await Task.Yield();
    }

    public sealed class TwoTriggers
    {
        [Function("two")]
        public static void Run([QueueTrigger("q-a")] string message, [TimerTrigger("0 * * * * *")] TimerInfo timer) => _ = message;
    }

    public sealed class NoTrigger
    {
        [Function("none")]
        public static void Run(string message) => _ = message;
    }

    public sealed class RetriedQueue
    {
        [Function("retried")]
        [FixedDelayRetry(3, "00:00:01")]
        public static void Run([QueueTrigger("q-a")] string message) => _ = message;
    }

    public sealed class RetriedHttp
    {
        [Function("retried")]
        [ExponentialBackoffRetry(3, "00:00:01", "00:00:10")]
        public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Ok();
    }

    public sealed class BadCron
    {
        [Function("cron")]
        public static void Run([TimerTrigger("every minute")] TimerInfo timer) => _ = timer;
    }

    public sealed class UnknownSetting
    {
        [Function("setting")]
        public static void Run([QueueTrigger("%Missing%")] string message) => _ = message;
    }

    public sealed class UnknownConnection
    {
        [Function("connection")]
        public static void Run([QueueTrigger("q-a", Connection = "Missing")] string message) => _ = message;
    }

    public sealed class BadQueueName
    {
        [Function("queue")]
        public static void Run([QueueTrigger("A--b")] string message) => _ = message;
    }

    public sealed class AdminRoute
    {
        [Function("metrics")]
        public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "admin/queue-metrics")] HttpRequest request) => Results.Ok();
    }

    public sealed class RuntimeRoute
    {
        [Function("state")]
        public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "/Runtime/state")] HttpRequest request) => Results.Ok();
    }

    public sealed class NotPublic
    {
        [Function("hidden")]
        internal static void Run([QueueTrigger("q-a")] string message) => _ = message;
    }

    public sealed class UserLevel
    {
        [Function("user")]
        public static IResult Run([HttpTrigger(AuthorizationLevel.User)] HttpRequest request) => Results.Ok();
    }
}
