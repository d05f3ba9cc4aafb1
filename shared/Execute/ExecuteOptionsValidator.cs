using Microsoft.Extensions.Options;

namespace Millrace.Execute;

[OptionsValidator]
internal sealed partial class ExecuteOptionsValidator : IValidateOptions<ExecuteOptions>;
