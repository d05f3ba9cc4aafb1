using Microsoft.Extensions.Time.Testing;
using Millrace.Api.Requests;
using Millrace.Inspect;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Inspect;

/// <summary>A page whose time is up before it has passed over what it should: the cursor counts the rest.</summary>
public sealed class SearchSkipTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Tasks = 9_000;
    private const int Skipped = 6_000;

    [Fact]
    public async Task The_rest_of_a_skip_is_passed_over_by_the_pages_behind()
    {
        var given = new Given(database.Store);
        List<NewTask> tasks = [.. Enumerable.Range(0, Tasks).Select(_ => given.NewTask() with { Tags = ["wanted"] })];
        await database.Store.SubmitAsync(tasks, Place.Cancellation);

        // Time is up after every step.
        var search = new TaskSearch(database.Store, new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) });
        var filter = new TaskFilter { QueueName = given.Queue, Tag = "wanted", Limit = 1_000, Skip = Skipped };
        List<Guid> found = [];
        for (string? cursor = string.Empty; cursor is not null;)
        {
            var page = (await search.AnswerAsync(filter, null, Place.Cancellation)).Value;
            found.AddRange(page.Tasks.Select(static task => task.Id));
            cursor = page.NextCursor;
            if (cursor is not null)
            {
                var (before, skip) = Assert.NotNull(PageCursor.Read(cursor));
                filter = filter with { Before = before, Skip = skip };
            }
        }

        Assert.Equal(tasks.Select(static task => task.Id.Value).OrderDescending().Skip(Skipped), found);
    }
}
