using Millrace.Store.Rows;

namespace Millrace.Store;

/// <summary>The words for a purpose in the table wakes and in messages.</summary>
internal static class WakePurposeWords
{
    internal static string Word(this WakePurpose purpose) => purpose switch
    {
        WakePurpose.Dispatch => "dispatch",
        WakePurpose.Heal => "heal",
    };

    /// <exception cref="ArgumentException">It is no such word.</exception>
    internal static WakePurpose Read(string word) => word switch
    {
        "dispatch" => WakePurpose.Dispatch,
        "heal" => WakePurpose.Heal,
        _ => throw new ArgumentException($"'{word}' is no purpose of a wake.", nameof(word)),
    };
}
