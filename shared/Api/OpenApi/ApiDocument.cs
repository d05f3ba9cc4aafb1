using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Millrace.Api.Answers;
using Millrace.Api.Requests;
using Millrace.Api.Views;

namespace Millrace.Api.OpenApi;

/// <summary>The OpenAPI 3.1 document, written from <see cref="ApiOperations"/>. It is plain JSON: a second model would add nothing.</summary>
internal sealed partial class ApiDocument
{
    private readonly ApiSchemas schemas = new();
    private readonly JsonObject paths = [];

    private ApiDocument()
    {
    }

    internal static byte[] Write()
    {
        var document = new ApiDocument();
        foreach (var operation in ApiOperations.All)
        {
            document.Add(operation);
        }

        return JsonSerializer.SerializeToUtf8Bytes(document.Whole(), ApiJson.Readable.JsonObject);
    }

    private JsonObject Whole() => new()
    {
        ["openapi"] = "3.1.1",
        ["info"] = new JsonObject
        {
            ["title"] = "Millrace",
            ["version"] = typeof(ApiDocument).Assembly.GetName().Version!.ToString(3),
            ["description"] = "A task pipeline. Refusals are RFC 9457 problems: a stable type, a detail that says what to do, and all faults "
                + "at once in errors, by field. Wherever there is GET, HEAD answers the same headers.",
            ["license"] = new JsonObject { ["name"] = "MIT" },
        },
        ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
        ["paths"] = paths,
        ["components"] = new JsonObject
        {
            ["schemas"] = schemas.All,
            ["securitySchemes"] = new JsonObject
            {
                ["key"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "x-functions-key" },
                ["code"] = new JsonObject { ["type"] = "apiKey", ["in"] = "query", ["name"] = "code" },
            },
        },
    };

    private void Add(ApiOperation operation)
    {
        var item = paths[operation.Path] ??= new JsonObject();
        var written = new JsonObject
        {
            ["operationId"] = operation.Function,
            ["tags"] = new JsonArray(operation.Topic),
            ["summary"] = operation.Summary,
            ["parameters"] = Parameters(operation),
        };
        if (operation.Bodies is [var first, ..])
        {
            written["requestBody"] = new JsonObject
            {
                ["required"] = !first.IsOptional,
                ["content"] = new JsonObject(operation.Bodies.Select(static body =>
                    KeyValuePair.Create(body.MediaType, (JsonNode?)Content(body.Schema.DeepClone())))),
            };
        }

        written["responses"] = Responses(operation);
        written["security"] = Security(operation.Access);
        item[operation.Method.ToLowerInvariant()] = written;
    }

    private static JsonArray Parameters(ApiOperation operation) =>
    [
        .. InPath().Matches(operation.Path).Select(static match => Parameter("path", PathParameter(match.Groups[1].Value))),
        .. operation.Query.Select(static parameter => Parameter("query", parameter)),
        .. operation.Headers.Select(static parameter => Parameter("header", parameter)),
    ];

    private static ApiParameter PathParameter(string name) => name == "id"
        ? new(name, Shape.Text(format: "uuid"), "Its id, as the API wrote it.")
        : new(name, Shape.Text(1), "Its name.");

    private static JsonObject Parameter(string place, ApiParameter parameter)
    {
        var written = new JsonObject
        {
            ["name"] = parameter.Name,
            ["in"] = place,
            ["description"] = parameter.Description,
            ["schema"] = parameter.Schema.DeepClone(),
        };
        if (place == "path")
        {
            written["required"] = true;
        }

        return written;
    }

    private const string ProblemType = "application/problem+json";

    private JsonObject Responses(ApiOperation operation)
    {
        var responses = new JsonObject();
        foreach (var answer in operation.Answers)
        {
            responses[Key(answer.Status)] = Response(answer);
        }

        foreach (var problems in operation.AllProblems.GroupBy(static problem => problem.Status))
        {
            var refusal = Refusal([.. problems]);
            if (responses[Key(problems.Key)]?["content"] is JsonObject other)
            {
                other[ProblemType] = refusal["content"]![ProblemType]!.DeepClone();
            }
            else
            {
                responses[Key(problems.Key)] = refusal;
            }
        }

        if (operation.Access != ApiAccess.Anonymous)
        {
            responses["401"] = new JsonObject { ["description"] = "The key is missing or wrong; there is no body." };
        }

        return responses;
    }

    private JsonObject Response(ApiAnswer answer)
    {
        var written = new JsonObject { ["description"] = answer.Description };
        if (answer.View is not null || answer.MediaType is not null)
        {
            JsonNode schema = answer.View is { } view ? schemas.Reference(view) : new JsonObject();
            schema = answer.Inside.Count == 0 ? schema : new JsonObject { ["allOf"] = new JsonArray(schema, Open(("problem", Kinds(answer.Inside)))) };
            written["content"] = new JsonObject { [answer.MediaType ?? "application/json"] = Content(schema) };
        }

        return written;
    }

    private JsonObject Refusal(IReadOnlyList<ApiProblem> problems)
    {
        var schema = new JsonObject { ["allOf"] = new JsonArray(schemas.Reference(ApiJson.Readable.Problem), Kinds(problems)) };
        return new()
        {
            ["description"] = "One of: " + string.Join(", ", problems.Select(static problem => problem.Slug)) + ".",
            ["content"] = new JsonObject { [ProblemType] = Content(schema) },
        };
    }

    private static JsonObject Kinds(IReadOnlyList<ApiProblem> problems) =>
        Open(("type", Shape.Word([.. problems.Select(static problem => problem.Type)])));

    /// <summary>An object with this member and others.</summary>
    private static JsonObject Open((string Name, JsonObject Shape) member)
    {
        var shape = Shape.Object(member);
        shape.Remove("additionalProperties");
        return shape;
    }

    private static JsonObject Content(JsonNode schema) => new() { ["schema"] = schema };

    private static JsonArray Security(ApiAccess access) => access == ApiAccess.Anonymous
        ? []
        : [new JsonObject { ["key"] = new JsonArray() }, new JsonObject { ["code"] = new JsonArray() }];

    private static string Key(int status) => status.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex InPath();
}
