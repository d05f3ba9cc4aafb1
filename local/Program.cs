using Millrace.Local;

var root = Repository.Root();
return await LocalCommand.Create(root, (options, cancellation) => LocalProgram.RunAsync(root, options, cancellation)).Parse(args).InvokeAsync();
