using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace Millrace.Execute;

/// <summary>
/// An exception as text, up to its handler: what called that is the same in every trace. The lines of the source are looked up once for each place that
/// throws: to find them takes five times as long as to throw, and when handlers fail they fail by the thousand.
/// </summary>
internal sealed class TraceText
{
    private const int MostPlaces = 1_000;

    /// <summary>What it brought along from another thread or process, which its frames do not tell.</summary>
    private static readonly FieldInfo? Brought = typeof(Exception).GetField("_remoteStackTraceString", BindingFlags.Instance | BindingFlags.NonPublic);

    private static readonly string OwnFrame = $"   at {typeof(AttemptRunner).FullName}.";

    private readonly ConcurrentDictionary<Place, string> places = new();
    private readonly ConcurrentDictionary<Type, bool> plain = new();

    internal string Of(Exception exception)
    {
        if (!IsPlain(exception))
        {
            return Cut(exception.ToString());
        }

        var place = Place.Of(exception);
        if (!places.TryGetValue(place, out var lines))
        {
            lines = Cut($"\n{exception.StackTrace}");
            if (places.Count >= MostPlaces)
            {
                places.Clear();
            }

            places[place] = lines;
        }

        return $"{exception.GetType()}: {exception.Message}{lines}";
    }

    /// <summary>It says no more of itself than its message and its frames.</summary>
    private bool IsPlain(Exception exception) =>
        exception.InnerException is null && Brought is not null && Brought.GetValue(exception) is null && plain.GetOrAdd(exception.GetType(), IsPlain);

    private static bool IsPlain(Type type) =>
        type.GetMethod(nameof(ToString), [])?.DeclaringType == typeof(Exception)
        && type.GetProperty(nameof(Exception.StackTrace))?.DeclaringType == typeof(Exception);

    private static string Cut(string text) =>
        string.Join('\n', text.Split('\n').Where(static line => !line.StartsWith(OwnFrame, StringComparison.Ordinal)));

    /// <summary>Where an exception came through, as methods and offsets in them.</summary>
    private readonly struct Place((MethodBase?, int)[] frames) : IEquatable<Place>
    {
        private readonly (MethodBase? Method, int Offset)[] frames = frames;

        internal static Place Of(Exception exception) =>
            new([.. new StackTrace(exception, fNeedFileInfo: false).GetFrames().Select(static frame => (frame.GetMethod(), frame.GetILOffset()))]);

        public bool Equals(Place other) => frames.AsSpan().SequenceEqual(other.frames);

        public override bool Equals(object? obj) => obj is Place other && Equals(other);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (var frame in frames)
            {
                hash.Add(frame);
            }

            return hash.ToHashCode();
        }
    }
}
