using System.Text;
using CsCheck;
using Millrace.Lifecycle;

namespace Millrace.Tests.Lifecycle;

public sealed class TaskErrorTests
{
    [Fact]
    public void Any_text_becomes_one_that_PostgreSQL_can_keep_in_a_size_that_is_safe()
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        Gen.Char.Array[0, 3_000].Select(static characters => new string(characters)).Sample(text =>
        {
            var error = new TaskError(text, text, text);
            Assert.InRange(error.Type.Length, 0, 200);
            Assert.InRange(error.Message.Length, 0, 2_000);
            Assert.InRange(error.Trace!.Length, 0, 8_000);
            foreach (var kept in (string[])[error.Type, error.Message, error.Trace])
            {
                Assert.DoesNotContain('\0', kept);
                Assert.Equal(kept, strict.GetString(strict.GetBytes(kept)));
            }
        });
    }

    [Fact]
    public void A_text_that_fits_is_kept_to_the_letter() =>
        Gen.String.Where(static text => text.Length <= 200 && !text.Any(static c => c == '\0' || char.IsSurrogate(c)))
            .Sample(static text => Assert.Equal(text, new TaskError("x", text).Message));
}
