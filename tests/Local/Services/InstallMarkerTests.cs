using Millrace.Local.Services.Install;

namespace Millrace.Tests.Local.Services;

public sealed class InstallMarkerTests : IDisposable
{
    private readonly Bench bench = new();

    [Fact]
    public void An_installation_that_stopped_halfway_is_made_anew_without_its_remains()
    {
        var folder = Path.Combine(bench.Data, "node");
        Directory.CreateDirectory(folder);
        var remains = Directory.CreateDirectory(folder + ".partial-1");
        var marker = new InstallMarker(folder, "1.0");
        Assert.False(marker.IsComplete);

        marker.Begin();
        File.WriteAllText(Path.Combine(marker.Partial, "program"), "");
        marker.Complete(marker.Partial);

        Assert.True(marker.IsComplete);
        Assert.True(File.Exists(Path.Combine(folder, "program")));
        Assert.False(Directory.Exists(remains.FullName));
        Assert.False(Directory.Exists(marker.Partial));
    }

    [Fact]
    public void An_installation_of_other_versions_is_not_complete()
    {
        var folder = Path.Combine(bench.Data, "node");
        var old = new InstallMarker(folder, "1.0");
        Directory.CreateDirectory(bench.Data);
        old.Begin();
        old.Complete(old.Partial);

        Assert.True(old.IsComplete);
        Assert.False(new InstallMarker(folder, "1.1").IsComplete);
    }

    [Fact]
    public void The_pinned_files_name_no_registry()
    {
        Assert.DoesNotContain("\"resolved\"", PinnedFile.Read("package-lock.json"), StringComparison.Ordinal);
        Assert.Contains("\"embedded-postgres\": \"18.", PinnedFile.Read("package.json"), StringComparison.Ordinal);
    }

    public void Dispose() => bench.Dispose();
}
