using Microsoft.Extensions.Options;

namespace Millrace.Store;

[OptionsValidator]
internal sealed partial class StoreOptionsValidator : IValidateOptions<StoreOptions>;
