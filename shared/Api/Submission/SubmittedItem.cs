using Millrace.Store.Rows;

namespace Millrace.Api.Submission;

/// <summary>One of many tasks that were sent together: the task, or what is wrong with it.</summary>
internal readonly record struct SubmittedItem(NewTask? Task, IReadOnlyDictionary<string, string[]>? Errors);
