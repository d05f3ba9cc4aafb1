namespace Millrace.Lifecycle;

/// <summary>One running process that executes tickets; the API calls it a worker.</summary>
internal readonly record struct ExecutorId(Guid Value)
{
    public override string ToString() => Value.ToString("D");
}
