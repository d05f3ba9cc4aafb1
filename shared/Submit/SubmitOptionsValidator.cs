using Microsoft.Extensions.Options;

namespace Millrace.Submit;

[OptionsValidator]
internal sealed partial class SubmitOptionsValidator : IValidateOptions<SubmitOptions>;
