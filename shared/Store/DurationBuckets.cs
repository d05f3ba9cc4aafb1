namespace Millrace.Store;

/// <summary>The duration histogram: how a finishing statement names the bucket of a run, and the upper bounds in ms, in order.</summary>
internal static class DurationBuckets
{
    internal static readonly string[] UpperBoundsMs =
        ["5", "10", "25", "50", "100", "250", "500", "1000", "2500", "5000", "10000", "30000", "60000", "300000", "inf"];

    /// <summary>Of a column run_ms.</summary>
    internal const string Expression = "(ARRAY['5','10','25','50','100','250','500','1000','2500','5000','10000','30000','60000','300000','inf'])[1 + width_bucket(run_ms, ARRAY[6,11,26,51,101,251,501,1001,2501,5001,10001,30001,60001,300001]::bigint[])]";
}
