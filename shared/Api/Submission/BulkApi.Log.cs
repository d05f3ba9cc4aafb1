using Microsoft.Extensions.Logging;

namespace Millrace.Api.Submission;

public sealed partial class BulkApi
{
    [LoggerMessage(1000, LogLevel.Warning, "A bulk stream broke off after {Lines} lines; those through line {Through} are committed, the rest is not. Sent again with the same Idempotency-Key, it is completed")]
    private partial void LogBroken(long lines, long through);
}
