using Microsoft.Extensions.Options;

namespace Millrace.Heal;

[OptionsValidator]
internal sealed partial class HealOptionsValidator : IValidateOptions<HealOptions>;
