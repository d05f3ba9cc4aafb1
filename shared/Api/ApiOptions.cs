using System.ComponentModel.DataAnnotations;
using Millrace.Redis;

namespace Millrace.Api;

/// <summary>How much a caller may ask; section <c>Api</c>.</summary>
internal sealed class ApiOptions
{
    /// <summary>Requests per second and key, over all instances; 0 sets no limit.</summary>
    [Range(0.0, 1_000_000.0)]
    public double RequestsPerSecond { get; set; }

    /// <summary>How many may come at once after a pause; 0 means as many as a second allows.</summary>
    [Range(0, 1_000_000)]
    public int Burst { get; set; }

    internal bool IsLimited => RequestsPerSecond > 0;

    /// <summary>The bucket that both settings describe.</summary>
    internal TokenRate Rate => new(TimeSpan.FromSeconds(1 / RequestsPerSecond), Burst > 0 ? Burst : (int)Math.Max(1, Math.Ceiling(RequestsPerSecond)));
}
