using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Millrace.Local.Hosting.Keys;

/// <summary>
/// The generated keys, in one JSON file that only its owner may read. Made once: a host that starts beside another, or
/// later, finds the same keys. Keys given in the options win over generated ones.
/// </summary>
internal sealed class KeyStore(string directory)
{
    private const string DefaultName = "default";

    private string FilePath => Path.Combine(directory, "keys.json");

    public FunctionKeys Load(FunctionKeys given, IEnumerable<string> httpFunctions)
    {
        var stored = Stored(httpFunctions);
        return new FunctionKeys
        {
            Master = given.Master ?? stored.Master,
            Host = Union(stored.Host, given.Host),
            System = Union(stored.System, given.System),
            Functions = stored.Functions.Keys.Union(given.Functions.Keys, StringComparer.OrdinalIgnoreCase).ToDictionary(
                name => name,
                name => (IReadOnlyDictionary<string, string>)Union(
                    stored.Functions.GetValueOrDefault(name) ?? [],
                    given.Functions.GetValueOrDefault(name) ?? new Dictionary<string, string>())),
        };
    }

    private KeyFile Stored(IEnumerable<string> httpFunctions)
    {
        Directory.CreateDirectory(directory);
        if (!File.Exists(FilePath))
        {
            Write(new KeyFile(NewKey(), Named(), [], []), mayReplace: false);
        }

        var file = Read();
        var missing = httpFunctions.Where(name => !file.Functions.ContainsKey(name)).ToList();
        if (missing.Count == 0)
        {
            return file;
        }

        missing.ForEach(name => file.Functions[name] = Named());
        Write(file, mayReplace: true);
        return file;
    }

    private KeyFile Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(FilePath), KeyFileJson.Default.KeyFile)
                ?? throw new FunctionsHostException($"{FilePath} is empty: delete it, and new keys are made.");
        }
        catch (JsonException exception)
        {
            throw new FunctionsHostException($"{FilePath} is no key file ({exception.Message}): correct it, or delete it and new keys are made.", exception);
        }
    }

    // Written aside and moved, so that a reader never sees half a file; the first of two hosts wins.
    private void Write(KeyFile file, bool mayReplace)
    {
        var aside = Path.Combine(directory, $"keys.{Guid.CreateVersion7():N}.tmp");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(aside, options))
        {
            JsonSerializer.Serialize(stream, file, KeyFileJson.Default.KeyFile);
        }

        try
        {
            File.Move(aside, FilePath, mayReplace);
        }
        catch (IOException) when (!mayReplace && File.Exists(FilePath))
        {
            File.Delete(aside);
        }
    }

    private static Dictionary<string, string> Named() => new() { [DefaultName] = NewKey() };

    private static string NewKey() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(40));

    private static Dictionary<string, string> Union(
        IReadOnlyDictionary<string, string> weaker, IReadOnlyDictionary<string, string> stronger)
    {
        var union = new Dictionary<string, string>(weaker);
        foreach (var (name, key) in stronger)
        {
            union[name] = key;
        }

        return union;
    }
}
