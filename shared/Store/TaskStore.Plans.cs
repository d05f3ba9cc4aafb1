
namespace Millrace.Store;

/// <summary>Statements that run all the time, and whose plan must hold when the tables have grown.</summary>
internal sealed partial class TaskStore
{
    /// <summary>
    /// For the statements behind it in the transaction. They are planned once: PostgreSQL would rather plan a claim for each mark anew, which takes as
    /// long as the claim. And it may plan while the tables are nearly empty, and keeps the plan until they are analyzed next, a minute later or
    /// more: so the plan follows indexes in their order, and neither reads a table from one end to the other nor sorts what may be a million rows.
    /// What is switched off is only made to look expensive, so costs reach 10^10, and PostgreSQL would compile each execution for seconds: not that either.
    /// Nor does it start other processes to read a row or two: a table that was large and is empty looks expensive, too.
    /// </summary>
    internal const string SteadyPlanSql = """
        SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
               set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true), set_config('jit', 'off', true),
               set_config('max_parallel_workers_per_gather', '0', true)
        """;

    /// <summary>
    /// The same, for statements that match hundreds of rows with as many of a table. Planned while the table is empty, PostgreSQL would compare each with each,
    /// or with every row of the table: tables are told by their index which rows are meant, and the match is made by hash.
    /// </summary>
    internal const string HashedPlanSql = $"{SteadyPlanSql}, set_config('enable_nestloop', 'off', true)";

    /// <summary>A batch of such statements, in one transaction.</summary>
    private StoreBatch SteadyBatch(string plan = SteadyPlanSql)
    {
        var batch = NewBatch();
        batch.Add(plan);
        return batch;
    }

    /// <summary>Runs it; the reader stands at the first result of what was added. A claim is told whether it had its turn.</summary>
    private static async Task<StoreReader> ReadSteadyAsync(StoreBatch batch, CancellationToken cancellation, ClaimLook? look = null)
    {
        var rows = await batch.ExecuteReaderAsync(cancellation);
        try
        {
            if (look is not null)
            {
                await rows.ReadAsync(cancellation);
                look.HadNoTurn = !rows.GetBoolean(rows.FieldCount - 1);
            }

            await rows.NextResultAsync(cancellation);
            return rows;
        }
        catch
        {
            await rows.DisposeAsync();
            throw;
        }
    }
}
