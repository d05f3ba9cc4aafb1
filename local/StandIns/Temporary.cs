#pragma warning disable
// Temporary: replaced by the real twins and the real dispatcher at the merge. Delete this file then.
namespace Microsoft.Azure.Functions.Worker
{
    public enum AuthorizationLevel { Anonymous, User, Function, System, Admin }

    [System.AttributeUsage(System.AttributeTargets.Method)]
    public sealed class FunctionAttribute(string name) : System.Attribute { public string Name => name; }

    [System.AttributeUsage(System.AttributeTargets.Parameter)]
    public sealed class HttpTriggerAttribute(AuthorizationLevel level, params string[] methods) : System.Attribute
    {
        public AuthorizationLevel AuthLevel => level;
        public string[] Methods => methods;
        public string? Route { get; set; }
    }
}

namespace Millrace.Dispatch
{
    public sealed class TaskDispatcher
    {
        public System.Threading.Tasks.Task DispatchAsync(string queueName, System.Threading.CancellationToken cancellation) => System.Threading.Tasks.Task.CompletedTask;
    }
}
