namespace Millrace.Api.Views;

/// <summary>One item of an array: the id of the task, or what is wrong with it, as far as it is told. 200 and 409 name the task that has its key.</summary>
internal sealed record ItemView(int Index, int Status, Guid? Id, IReadOnlyDictionary<string, string[]>? Errors);
