using System.Reflection;
using Millrace.Store;
using Millrace.Tests.Support;

namespace Millrace.Tests.Store;

/// <summary>Every statement is parsed and planned by a real server, so a column that was renamed is found here.</summary>
public sealed class StatementTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    public static TheoryData<string, string> Statements()
    {
        TheoryData<string, string> statements = [];
        foreach (var type in typeof(TaskStore).Assembly.GetTypes().Where(static t => t.Namespace == typeof(TaskStore).Namespace))
        {
            foreach (var field in type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            {
                if (field.IsLiteral && field.FieldType == typeof(string) && field.Name.EndsWith("Sql", StringComparison.Ordinal))
                {
                    statements.Add(field.Name, (string)field.GetRawConstantValue()!);
                }
            }
        }

        return statements;
    }

    /// <summary>Otherwise a process that is frozen while it is answered would keep the locks of that statement for as long as it is frozen.</summary>
    [Fact]
    public async Task A_session_hears_no_more_of_who_takes_no_answer()
    {
        await using var source = Database.Open(database.Options(), new StoreSessions(TimeProvider.System));
        await using var command = source.CreateCommand(
            "SELECT setting || ' ' || (version() LIKE '%linux%' AND inet_client_addr() IS NOT NULL) FROM pg_settings WHERE name = 'tcp_user_timeout'");
        Assert.Contains(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken), (string[])["15000 true", "0 false"]);
    }

    [Theory]
    [MemberData(nameof(Statements), DisableDiscoveryEnumeration = true)]
    public async Task The_server_prepares(string name, string sql)
    {
        // A fresh name per connection; the transaction ends with it.
        await database.ExecuteAsync($"PREPARE p_{Guid.CreateVersion7():N} AS {sql}");
        Assert.NotEmpty(name);
    }
}
