namespace Millrace.Local.Services.Processes;

/// <summary>Finds programs without starting them.</summary>
internal static class Executable
{
    /// <summary>The program's full path in the first folder of PATH that has it.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>The dotnet that runs this process: its runtime lies three folders below it.</summary>
    public static string Dotnet()
    {
        var runtime = System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory();
        var beside = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", "dotnet"));
        return File.Exists(beside) ? beside : Find("dotnet") ?? "dotnet";
    }
}
