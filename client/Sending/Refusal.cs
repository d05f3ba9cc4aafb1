using System.Net;
using System.Text.Json;

namespace Millrace.Client;

/// <summary>Turns what went wrong into the exception that says so, and what to do.</summary>
internal static class Refusal
{
    internal static MillraceException Of(HttpResponseMessage answer, byte[] body)
    {
        var problem = ReadProblem(answer, body);
        var sentence = Sentence(answer, problem);
        return answer.StatusCode == HttpStatusCode.PreconditionFailed
            ? new TaskChangedException(sentence, problem)
            : new MillraceException(sentence, answer.StatusCode, problem, RetryAfter(answer));
    }

    internal static MillraceException Unanswered(HttpRequestMessage request, Exception cause) => new(
        $"{request.Method} {request.RequestUri} was not answered: {cause.Message}", null, null, null, cause);

    internal static MillraceException CutShort(HttpResponseMessage answer, Exception cause) => new(
        $"The answer to {Called(answer)} was cut short: {cause.Message}", null, null, null, cause);

    internal static MillraceException Unreadable(HttpResponseMessage answer, Exception cause) => new(
        $"The answer to {Called(answer)} is not what Millrace answers: {cause.Message} Is BaseAddress the address of Millrace's API?",
        answer.StatusCode, null, null, cause);

    internal static TimeSpan? RetryAfter(HttpResponseMessage answer) => answer.Headers.RetryAfter?.Delta;

    private static Problem? ReadProblem(HttpResponseMessage answer, byte[] body)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(body, MillraceJson.Plain.Problem);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Sentence(HttpResponseMessage answer, Problem? problem)
    {
        if (problem is null)
        {
            return $"{Called(answer)} was answered with {(int)answer.StatusCode}{Advice(answer.StatusCode)}.";
        }

        var faults = problem.Errors is null
            ? string.Empty
            : string.Concat(problem.Errors.SelectMany(static field => field.Value.Select(fault => $" {field.Key}: {fault}")));
        return $"{problem.Title} {problem.Detail}{faults}";
    }

    private static string Advice(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "; set FunctionKey to a key of the app, and to an admin key for what destroys",
        HttpStatusCode.NotFound => ", and not by Millrace; is BaseAddress the address of its API, and is it of this version",
        _ => string.Empty,
    };

    private static string Called(HttpResponseMessage answer) => $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri}";
}
