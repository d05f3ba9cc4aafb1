using Microsoft.Extensions.Options;

namespace Millrace.Inspect;

/// <summary>Holds the options within their ranges.</summary>
[OptionsValidator]
internal sealed partial class InspectOptionsValidator : IValidateOptions<InspectOptions>;
