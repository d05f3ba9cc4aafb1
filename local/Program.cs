using System.CommandLine;
using Millrace.Local;

var root = Repository.Root();
var command = LocalCommand.Create(root, (options, cancellation) => LocalProgram.RunAsync(root, options, cancellation));

// Without a time-out a signal would end the process at once, and leave the servers it has started.
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = LocalProgram.LongestStop });
