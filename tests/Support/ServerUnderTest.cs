namespace Millrace.Tests.Support;

/// <summary>The PostgreSQL that all tests share that share one. <c>MILLRACE_TEST_SERVER</c> chooses it.</summary>
internal enum ServerUnderTest
{
    /// <summary>Ours, with its defaults.</summary>
    Embedded,

    /// <summary>The distribution's, with its defaults, <c>jit</c> among them.</summary>
    Distribution,

    /// <summary>Ours, with <see cref="HostileDefaults"/> in every database.</summary>
    Hostile,

    /// <summary>Ours, behind PgBouncer in transaction mode. What a test asks by itself goes past it.</summary>
    Pooled,
}
