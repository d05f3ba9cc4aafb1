using System.Text.Json;

namespace Millrace.Local.Services;

/// <summary>
/// The state file: ports and processes of the servers of one data directory. Written only by the holder of the directory's lock;
/// a damaged file counts as none.
/// </summary>
internal sealed class ServerStateFile(string path)
{
    private readonly Lock gate = new();

    public ServerRecord? Find(ServerKind kind)
    {
        lock (gate)
        {
            return Read().GetValueOrDefault(kind);
        }
    }

    public void Put(ServerKind kind, ServerRecord record)
    {
        lock (gate)
        {
            var state = Read();
            state[kind] = record;
            var next = path + ".next";
            File.WriteAllText(next, JsonSerializer.Serialize(state, ServicesJson.Default.DictionaryServerKindServerRecord));
            File.Move(next, path, overwrite: true);
        }
    }

    private Dictionary<ServerKind, ServerRecord> Read()
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), ServicesJson.Default.DictionaryServerKindServerRecord) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
