using Spectre.Console;
using Spectre.Console.Rendering;

namespace Millrace.Local.Demo;

/// <summary>Where the demo speaks. A terminal sees lines that move; a file or a pipe gets a line a second while something changes.</summary>
internal sealed class DemoScreen(IAnsiConsole console, TimeProvider clock)
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainFrame = TimeSpan.FromSeconds(1);

    private bool CanMove => console.Profile.Capabilities is { Interactive: true, Ansi: true };

    /// <summary>A sentence; one line in a file, however long.</summary>
    internal void Say(string sentence)
    {
        if (CanMove)
        {
            console.MarkupLineInterpolated($"{sentence}");
            return;
        }

        console.Profile.Out.Writer.WriteLine(sentence);
    }

    internal void Warn(string sentence) => console.MarkupLineInterpolated($"[yellow]{sentence}[/]");

    internal void Show(IRenderable view) => console.Write(view);

    /// <summary>Shows the watch while <paramref name="work"/> goes on, and returns what that returns.</summary>
    internal async Task<bool> FollowAsync(DemoWatch watch, Func<Task<bool>> work)
    {
        if (CanMove)
        {
            console.WriteLine();
            return await console.Live(View(watch)).StartAsync(live => FollowAsync(work(), Frame, () => live.UpdateTarget(View(watch))));
        }

        DemoProgress said = default;
        return await FollowAsync(work(), PlainFrame, () =>
        {
            if (watch.Seen != said)
            {
                said = watch.Seen;
                Say(ProgressView.PlainLine(watch));
            }
        });
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
