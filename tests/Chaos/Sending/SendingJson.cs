using System.Text.Json.Serialization;

namespace Millrace.Tests.Chaos.Sending;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OrderedTask[]))]
[JsonSerializable(typeof(ManyAnswer))]
[JsonSerializable(typeof(LedgerAnswer))]
internal sealed partial class SendingJson : JsonSerializerContext;
