namespace Millrace.Local.Services.Processes;

/// <summary>The signals that stop a server; the numbers are the same on Linux and macOS.</summary>
internal enum Signal
{
    /// <summary>SIGINT: PostgreSQL's fast shutdown.</summary>
    Interrupt = 2,

    /// <summary>SIGQUIT: PostgreSQL's immediate shutdown, recovered at the next start.</summary>
    Quit = 3,

    /// <summary>SIGKILL: cannot be refused.</summary>
    Kill = 9,

    /// <summary>SIGTERM: the polite way for the others.</summary>
    Terminate = 15,
}
