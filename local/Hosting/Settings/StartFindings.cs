namespace Millrace.Local.Hosting.Settings;

/// <summary>Everything wrong with an app, collected before the host starts so that all of it is said at once.</summary>
internal sealed class StartFindings
{
    private readonly List<string> faults = [];
    private readonly List<string> warnings = [];

    public IReadOnlyList<string> Faults => faults;

    public IReadOnlyList<string> Warnings => warnings;

    public void Fault(string sentence) => faults.Add(sentence);

    public void Warn(string sentence) => warnings.Add(sentence);

    public void ThrowIfFaulty()
    {
        if (faults.Count > 0)
        {
            throw new FunctionsHostException(faults);
        }
    }
}
