using System.Text.Json;
using Millrace.Queues;
using Millrace.Store.Rows;

namespace Millrace.Tests.Queues;

public sealed class WakeMessageTests
{
    [Theory]
    [InlineData("""{"queue_name":"a","purpose":7}""")]
    [InlineData("""{"queue_name":"a\u0000b","purpose":"Dispatch"}""")]
    [InlineData("""{"queue_name":"a","purpose":"Dispatch","more_queues":["b\u0000"]}""")]
    [InlineData("""{"queue_name":"a","purpose":"Dispatch","more_queues":[null]}""")]
    [InlineData("""{"queue_name":null,"purpose":"Dispatch"}""")]
    [InlineData("""{"purpose":"Dispatch"}""")]
    [InlineData("null")]
    [InlineData("wake up")]
    public void Rubbish_is_no_wake(string text) => Assert.Null(WakeMessage.Read(text));

    [Fact]
    public void A_wake_of_a_version_that_knew_only_one_queue_is_understood() =>
        Assert.Equal(["a"], WakeMessage.Read("""{"queue_name":"a","purpose":"Heal"}""")!.QueueNames);

    [Fact]
    public void A_wake_names_all_its_queues_once()
    {
        var text = JsonSerializer.Serialize(new WakeMessage("a", WakePurpose.Dispatch, ["b", "a", "c", "b"]), QueueJson.Default.WakeMessage);

        Assert.Equal(["a", "b", "c"], WakeMessage.Read(text)!.QueueNames);
    }
}
