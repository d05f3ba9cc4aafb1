using Millrace.Tests.Support;

// As xunit's own entry point does it; and, for tests of handlers that kill their process, a host instead of tests.
return args switch
{
    [ChildHost.Word, var data] => await ChildHost.RunAsync(data),
    _ when args.Any(static arg => arg is "--server" or "--internal-msbuild-node") =>
        await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, Millrace.Tests.SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};
