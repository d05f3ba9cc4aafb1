using Microsoft.Extensions.Options;

namespace Millrace.Client;

/// <summary>Says in sentences what to write instead, all faults at once.</summary>
internal sealed class MillraceClientOptionsValidator : IValidateOptions<MillraceClientOptions>
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, MillraceClientOptions options)
    {
        List<string> faults = [];
        if (options.BaseAddress is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            faults.Add("BaseAddress is not an absolute http or https address. Write one like https://millrace.example.com/.");
        }

        if (options.Timeout <= TimeSpan.Zero || options.Timeout > Longest)
        {
            faults.Add("Timeout is not between 0 and 1 hour. Write one like 00:00:30.");
        }

        if (options.TotalTimeout <= options.Timeout || options.TotalTimeout > 2 * Longest)
        {
            faults.Add("TotalTimeout is not between Timeout and 2 hours. Make it several times the Timeout, so that a call can be repeated.");
        }

        if (options.MaxRetries is < 0 or > 100)
        {
            faults.Add("MaxRetries is not from 0 to 100.");
        }

        if (options.RetryDelay < TimeSpan.Zero || options.RetryDelay > Longest)
        {
            faults.Add("RetryDelay is not between 0 and 1 hour. Write one like 00:00:01.");
        }

        if (options.MaxConcurrentCalls < 1)
        {
            faults.Add("MaxConcurrentCalls is less than 1.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
