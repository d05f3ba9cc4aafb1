namespace Millrace.Local.Services.Install;

/// <summary>
/// One line of the platform package's <c>pg-symlinks.json</c>: <paramref name="Target"/> is the link to make, <paramref
/// name="Source"/> the file it leads to.
/// </summary>
internal sealed record LibraryLink(string Source, string Target);
