using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>Why a task was not accepted: its key belongs to another.</summary>
/// <param name="Key">The key, as the caller knows it.</param>
/// <param name="Original">The task that has the key.</param>
/// <param name="IsSame">True when that was the same submission, which makes this a harmless repetition.</param>
internal sealed record KeyClash(string Key, TaskId Original, bool IsSame);
