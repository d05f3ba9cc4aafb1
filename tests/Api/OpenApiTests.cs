using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Millrace.Api.Answers;
using Millrace.Api.OpenApi;
using Millrace.Api.Requests;
using Millrace.Api.Views;
using Millrace.Functions;
using Millrace.Tests.Architecture;
using Millrace.Tests.Support;

namespace Millrace.Tests.Api;

/// <summary>The OpenAPI document is what the code does.</summary>
public sealed partial class OpenApiTests
{
    private static readonly JsonNode Document = JsonNode.Parse(ApiDocument.Write())!;

    [Fact]
    public void Every_function_has_its_operation_and_every_operation_its_function()
    {
        var functions =
            from type in typeof(MillraceApp).Assembly.GetTypes()
            from method in type.GetMethods()
            from parameter in method.GetParameters()
            let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
            where trigger is not null
            from verb in trigger.Methods!.Except(["head"])
            select $"{method.GetCustomAttribute<FunctionAttribute>()!.Name}: {trigger.AuthLevel} {verb} {Path(trigger.Route!)}";
        var operations =
            from path in Document["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            let name = operation.Value!["operationId"]!.GetValue<string>()
            select $"{name}: {ApiOperations.All.Single(one => one.Function == name).Access} {operation.Key} {path.Key}";

        Assert.Equal(functions.Order(), operations.Order());
    }

    [Fact]
    public void A_key_is_asked_for_where_the_function_asks_for_it() => Findings.AssertNone(
        from operation in ApiOperations.All
        let written = Document["paths"]![operation.Path]![operation.Method.ToLowerInvariant()]!
        where written["security"]!.AsArray().Count == 0 != (operation.Access == ApiAccess.Anonymous)
        select operation.Function);

    [Fact]
    public void Every_problem_of_the_code_is_in_the_document_with_its_status()
    {
        var source = SourceFile.All.Single(static file => file.Path == "shared/Api/Answers/Problems.cs").Text;
        var written = Slug().Matches(source).Select(match =>
            $"{match.Groups[1].Value}{match.Groups[2].Value} {(match.Groups[2].Success ? "409" : Status().Match(source, match.Index).Groups[1].Value)}");

        Assert.Equal(written.Distinct().Order(), ApiProblems.All.Select(static problem => $"{problem.Slug} {problem.Status}").Order());

        var text = Document.ToJsonString();
        Findings.AssertNone(ApiProblems.All.Select(static problem => problem.Type).Where(type => !text.Contains($"\"{type}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_fields_of_a_task_are_those_that_its_reader_knows()
    {
        var reader = SourceFile.All.Single(static file => file.Path == "shared/Submit/TaskDraft.Fields.cs").Syntax
            .DescendantNodes().OfType<MethodDeclarationSyntax>().Single(static method => method.Identifier.Text == "FlagOf");
        var known = reader.DescendantNodes().OfType<LiteralExpressionSyntax>()
            .Where(static literal => literal.IsKind(SyntaxKind.StringLiteralExpression)).Select(static literal => literal.Token.ValueText);

        Assert.Equal(known.Order(), Schema(ApiBodies.NewTask)["properties"]!.AsObject().Select(static field => field.Key).Order());
    }

    [Fact]
    public void A_list_takes_the_parameters_that_its_reader_knows() => Assert.Equal(
        TaskListQuery.Known,
        Document["paths"]!["/api/v1/tasks"]!["get"]!["parameters"]!.AsArray().Select(static one => one!["name"]!.GetValue<string>()));

    [Fact]
    public void A_view_is_described_as_it_is_written()
    {
        var task = Schema(nameof(TaskView));
        var required = task["required"]!.AsArray().Select(static name => name!.GetValue<string>()).ToList();

        Assert.Contains("id", required);
        Assert.DoesNotContain("expires_at", required);
        Assert.Equal("uuid", task["properties"]!["id"]!["format"]!.GetValue<string>());
        Assert.Equal("string", task["properties"]!["traceparent"]!["type"]!.GetValue<string>());
        Assert.Equal("#/components/schemas/AttemptView", task["properties"]!["attempts"]!["items"]!["$ref"]!.GetValue<string>());
        Assert.Null(task["properties"]!["data"]!["type"]);
    }

    [Fact]
    public async Task An_independent_validator_finds_nothing()
    {
        var file = System.IO.Path.Combine(Directory.CreateTempSubdirectory("millrace-openapi-").FullName, "openapi.json");
        await File.WriteAllBytesAsync(file, ApiDocument.Write(), Place.Cancellation);
        var findings = await OpenApiValidator.JudgeAsync(file, Place.Cancellation);

        Assert.Contains("\"valid\": true", findings, StringComparison.Ordinal);
        File.Delete(file);
    }

    private static JsonNode Schema(string name) => Document["components"]!["schemas"]![name]!;

    /// <summary>As a reader writes it: without constraints.</summary>
    private static string Path(string route) => "/" + string.Join('/', RoutePatternFactory.Parse(route).PathSegments.Select(static segment =>
        string.Concat(segment.Parts.Select(static part =>
            part is RoutePatternParameterPart parameter ? $"{{{parameter.Name}}}" : ((RoutePatternLiteralPart)part).Content))));

    [GeneratedRegex("""(?:Prefix \+ "([a-z-]+)"|Conflict\(\s*"([a-z-]+)")""")]
    private static partial Regex Slug();

    [GeneratedRegex(@"StatusCodes\.Status(\d{3})")]
    private static partial Regex Status();
}
