namespace Microsoft.Azure.Functions.Worker;

/// <summary>The key a request must carry. Twin of the type in Worker.Extensions.Http.</summary>
public enum AuthorizationLevel
{
    Anonymous = 0,
    User = 1,
    Function = 2,
    System = 3,
    Admin = 4,
}
