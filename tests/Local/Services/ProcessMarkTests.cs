using Millrace.Local.Services.Processes;

namespace Millrace.Tests.Local.Services;

public sealed class ProcessMarkTests
{
    [Fact]
    public void A_living_process_is_known_by_its_birth_and_not_by_its_number()
    {
        var self = ProcessMark.Of(Environment.ProcessId)!;

        Assert.True(self.IsAlive());
        Assert.Equal(self, ProcessMark.Parse(self.Text));
        Assert.False((self with { Birth = "another day" }).IsAlive());
        Assert.Null(ProcessMark.Of(4194304));
        Assert.Null(ProcessMark.Parse("no number here"));
    }
}
