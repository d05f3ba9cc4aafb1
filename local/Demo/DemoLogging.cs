using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Millrace.Local.Demo;

/// <summary>On a terminal only errors, for log lines and lines that move do not go together. <c>2&gt; demo.log</c> gets the rest.</summary>
internal static class DemoLogging
{
    internal static void Configure(ILoggingBuilder logging)
    {
        LocalLogging.Configure(logging);

        // Hundreds of attempts fail on purpose, and the report tells of them.
        logging.AddFilter("Millrace.Execute.AttemptRunner", LogLevel.Error);
        if (!Console.IsErrorRedirected)
        {
            logging.AddFilter<ConsoleLoggerProvider>(null, LogLevel.Error);
        }
    }
}
