using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Millrace.Execute;
using Millrace.Handlers;
using Millrace.Lifecycle;
using Millrace.Store.Rows;

namespace Millrace.Tests.Support;

/// <summary>The context of an attempt, for handlers that are tested by themselves.</summary>
internal static class Attempts
{
    internal static TaskContext On(string data, string type = "test", int attempt = 1) =>
        new Attempt(Record(data, type, attempt), NullLogger.Instance);

    /// <summary>A task as an executor holds it, first in its ticket.</summary>
    internal static TaskRecord Record(string data, string type = "test", int attempt = 1) => new()
    {
        Id = TaskId.New(TimeProvider.System),
        Type = type,
        QueueName = "test",
        Priority = 5,
        DueAt = DateTime.UnixEpoch,
        Claim = new ClaimedTask(attempt - 1, 0, false, new RetryPolicy(2, 0.5f, 2, 60)),
        TimeoutSeconds = 60,
        Data = Encoding.UTF8.GetBytes(data),
        Context = null,
        TraceParent = null,
        Ticket = new TicketId(1),
        Place = 1,
    };

    /// <summary>Places of a process for so many handlers.</summary>
    internal static ProcessPlaces Places(int concurrency) => new(Options.Create(new ExecuteOptions { Concurrency = concurrency }), TimeProvider.System);
}
