using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;

namespace Millrace.Local.Hosting.Invocation;

/// <summary>The trace of an invocation: the one that came with the work, or a new one.</summary>
internal sealed class InvocationTrace(string traceParent, string traceState) : TraceContext
{
    public override string TraceParent => traceParent;

    public override string TraceState => traceState;

    public static InvocationTrace Of(FunctionInvocation invocation)
    {
        if (invocation.IncomingTraceParent is { } carried)
        {
            return new InvocationTrace(carried, string.Empty);
        }

        var headers = invocation.HttpContext?.Request.Headers;
        if (headers?.TraceParent.ToString() is { Length: > 0 } sent && ActivityContext.TryParse(sent, null, out _))
        {
            return new InvocationTrace(sent, headers.TraceState.ToString());
        }

        return new InvocationTrace(
            Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id }
                ? id
                : $"00-{ActivityTraceId.CreateRandom().ToHexString()}-{ActivitySpanId.CreateRandom().ToHexString()}-00",
            string.Empty);
    }
}
