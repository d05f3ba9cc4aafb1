using Microsoft.Extensions.Options;

namespace Millrace.Dispatch;

[OptionsValidator]
internal sealed partial class DispatchOptionsValidator : IValidateOptions<DispatchOptions>;
