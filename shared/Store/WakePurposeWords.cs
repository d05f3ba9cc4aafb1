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
}
