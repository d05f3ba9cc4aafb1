using Spectre.Console;
using Spectre.Console.Rendering;

namespace Millrace.Local.Demo;

/// <summary>Where the demo speaks. A terminal sees lines that move; a file or a pipe gets one line a second.</summary>
internal sealed class DemoScreen(IAnsiConsole console, TimeProvider clock)
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainFrame = TimeSpan.FromSeconds(1);

    internal void Say(string sentence) => console.MarkupLineInterpolated($"{sentence}");

    internal void Warn(string sentence) => console.MarkupLineInterpolated($"[yellow]{sentence}[/]");

    internal void Show(IRenderable view) => console.Write(view);

    /// <summary>Shows the watch while <paramref name="work"/> goes on, and returns what that returns.</summary>
    internal async Task<bool> FollowAsync(DemoWatch watch, Func<Task<bool>> work)
    {
        if (console.Profile.Capabilities is { Interactive: true, Ansi: true })
        {
            console.WriteLine();
            return await console.Live(View(watch)).StartAsync(live => FollowAsync(work(), Frame, () => live.UpdateTarget(View(watch))));
        }

        return await FollowAsync(work(), PlainFrame, () => console.WriteLine(ProgressView.PlainLine(watch)));
    }

    private async Task<bool> FollowAsync(Task<bool> work, TimeSpan frame, Action draw)
    {
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(frame, clock));
            draw();
        }

        return await work;
    }

    private IRenderable View(DemoWatch watch) => ProgressView.Of(watch, console.Profile.Width);
}
