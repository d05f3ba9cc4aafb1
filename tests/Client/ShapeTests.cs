using System.Text.Json.Serialization.Metadata;
using Millrace.Api.Answers;
using Millrace.Api.Views;
using Millrace.Client;

namespace Millrace.Tests.Client;

/// <summary>What the API says is read whole: the records of the client have the properties of the API's, by their names in JSON.</summary>
public sealed class ShapeTests
{
    /// <summary>That the process answers is told by its status.</summary>
    private static readonly Type[] NotRead = [typeof(LiveView)];

    private readonly HashSet<Type> read = [];

    [Fact]
    public void Every_property_of_every_answer_is_in_the_clients_record_and_no_other()
    {
        foreach (var (view, record) in Pairs)
        {
            Compare(ApiJson.Readable.GetTypeInfo(view)!, MillraceJson.Plain.GetTypeInfo(record)!);
        }

        Assert.Empty(Views.Except(read).Except(NotRead));
    }

    private static (Type View, Type Record)[] Pairs =>
    [
        (typeof(Millrace.Api.Answers.Problem), typeof(Millrace.Client.Problem)),
        (typeof(SubmittedView), typeof(SubmittedTask)),
        (typeof(ManyView), typeof(ManyResult)),
        (typeof(BulkView), typeof(Millrace.Client.BulkResult)),
        (typeof(TaskView), typeof(TaskInfo)),
        (typeof(TaskListView), typeof(TaskPage)),
        (typeof(ResultView), typeof(TaskResult)),
        (typeof(LogListView), typeof(LogPage)),
        (typeof(ExplainView), typeof(TaskExplanation)),
        (typeof(BulkActionView), typeof(BulkAction)),
        (typeof(BulkCountView), typeof(BulkCount)),
        (typeof(FailuresView), typeof(FailureList)),
        (typeof(QueueView), typeof(QueueInfo)),
        (typeof(QueueListView), typeof(QueueList)),
        (typeof(WorkerView), typeof(WorkerInfo)),
        (typeof(WorkerListView), typeof(WorkerList)),
        (typeof(QueueDepthListView), typeof(QueueDepthList)),
        (typeof(DashboardView), typeof(DashboardStats)),
        (typeof(CostView), typeof(CostStats)),
        (typeof(TrendListView), typeof(Trends)),
        (typeof(HealthView), typeof(HealthReport)),
        (typeof(DatabaseHealthView), typeof(DatabaseHealth)),
        (typeof(RedisHealthView), typeof(RedisHealth)),
        (typeof(StorageHealthView), typeof(StorageHealth)),
        (typeof(LedgerView), typeof(Ledger)),
    ];

    private static IEnumerable<Type> Views =>
        typeof(ApiJson).Assembly.GetTypes().Where(static type => type.Namespace == typeof(TaskView).Namespace && type.Name.EndsWith("View", StringComparison.Ordinal));

    private void Compare(JsonTypeInfo view, JsonTypeInfo record)
    {
        if (view.Kind != JsonTypeInfoKind.Object || !read.Add(view.Type))
        {
            return;
        }

        var (said, known) = (Properties(view), Properties(record));
        Assert.True(said.Keys.Order().SequenceEqual(known.Keys.Order()), $"{view.Type.Name} says {string.Join(", ", said.Keys.Except(known.Keys))} beyond {record.Type.Name}, which has {string.Join(", ", known.Keys.Except(said.Keys))} beyond that.");
        foreach (var (name, type) in said)
        {
            if (ApiJson.Readable.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object } part)
            {
                Compare(part, MillraceJson.Plain.GetTypeInfo(known[name])!);
            }
        }
    }

    private static Dictionary<string, Type> Properties(JsonTypeInfo type) => type.Properties.Where(static property => property.Get is not null)
        .ToDictionary(static property => property.Name, static property => Core(property.PropertyType));

    /// <summary>What a list, a dictionary or a nullable is made of.</summary>
    private static Type Core(Type type) => type.IsArray ? Core(type.GetElementType()!) : type.IsGenericType ? Core(type.GetGenericArguments()[^1]) : type;
}
