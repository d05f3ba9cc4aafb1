namespace Millrace.Api.OpenApi;

/// <summary>Who may call an operation; the words of the trigger's own level.</summary>
internal enum ApiAccess
{
    /// <summary>Whoever knows a function key.</summary>
    Function,

    /// <summary>Everybody.</summary>
    Anonymous,

    /// <summary>Whoever knows the master key.</summary>
    Admin,
}
