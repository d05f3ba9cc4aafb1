using Microsoft.Extensions.Options;

namespace Millrace.Api;

/// <summary>Holds the options within their ranges.</summary>
[OptionsValidator]
internal sealed partial class ApiOptionsValidator : IValidateOptions<ApiOptions>;
