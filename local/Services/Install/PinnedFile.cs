using System.Security.Cryptography;
using System.Text;

namespace Millrace.Local.Services.Install;

/// <summary>
/// The version files of the repository, carried in this assembly so that it does not matter where the build output stands.
/// </summary>
internal static class PinnedFile
{
    public static string Read(string name)
    {
        using var stream = typeof(PinnedFile).Assembly.GetManifestResourceStream(name)
            ?? throw new ServerException($"This build does not carry {name}. Build the project anew.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
