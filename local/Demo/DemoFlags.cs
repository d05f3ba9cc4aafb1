namespace Millrace.Local.Demo;

/// <summary>Flags that make no sense beside <c>--demo</c>.</summary>
internal static class DemoFlags
{
    /// <exception cref="InvalidOperationException">The sentence says which to leave out.</exception>
    internal static void Check(LocalOptions options)
    {
        if (options.Demo && (options.NoHttp || options.NoExecutors))
        {
            throw new InvalidOperationException("--demo sends tasks over HTTP and works them off: leave out --no-http and --no-executors.");
        }
    }
}
