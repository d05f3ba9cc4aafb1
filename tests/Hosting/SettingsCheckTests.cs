using Microsoft.Extensions.Configuration;
using Millrace.Hosting;

namespace Millrace.Tests.Hosting;

public sealed class SettingsCheckTests
{
    [Theory]
    [InlineData("MAX_RETRIES", "-1", "MAX_RETRIES (Millrace:Submit:MaxRetries) is -1. Write a whole number from 0 to 100.")]
    [InlineData("MAX_RETRIES", "abc", "MAX_RETRIES (Millrace:Submit:MaxRetries) is 'abc'. Write a whole number from 0 to 100.")]
    [InlineData("MAX_RETRIES", "70000", "MAX_RETRIES (Millrace:Submit:MaxRetries) is '70000'. Write a whole number from 0 to 100.")]
    [InlineData("Millrace:Execute:LeaseSeconds", "0.5", "Millrace:Execute:LeaseSeconds is 0.5. Write a number from 1 to 600.")]
    [InlineData("Millrace:Api:RequestsPerSecond", "-1", "Millrace:Api:RequestsPerSecond is -1. Write a number from 0 to 1000000.")]
    [InlineData("Millrace:Store:Migrate", "perhaps", "Millrace:Store:Migrate is 'perhaps'. Write true or false.")]
    [InlineData("Millrace:Execute:LeaseSecond", "5", "There is no setting Millrace:Execute:LeaseSecond. There is Concurrency, TicketConcurrency, LeaseSeconds,")]
    [InlineData("Millrace:Exekute:LeaseSeconds", "5", "There is no setting Millrace:Exekute. The sections are Store, Storage,")]
    [InlineData("MILLRACE_POSTGRES", "geheim", "MILLRACE_POSTGRES (Millrace:Store:ConnectionString) is not a connection string. Write one like Host=db;")]
    [InlineData("AzureWebJobsStorage", "geheim", "AzureWebJobsStorage (Millrace:Storage:ConnectionString) is not a connection string. Write one like UseDevelopmentStorage=true")]
    [InlineData("MILLRACE_REDIS", "geheim=1", "MILLRACE_REDIS (Millrace:Redis:ConnectionString) is not a connection string. Write one like cache:6379")]
    public void A_wrong_setting_is_refused_with_a_sentence(string name, string value, string sentence)
    {
        var message = Refused(new() { [name] = value });

        Assert.StartsWith(sentence, message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_said_at_once() => Assert.Equal(
        3, Refused(new() { ["MAX_RETRIES"] = "x", ["Millrace:Heal:KeepDays"] = "0", ["Millrace:Nothing"] = "1" }).Split(Environment.NewLine).Length);

    [Fact]
    public void What_is_right_passes() => Check(new()
    {
        ["MAX_RETRIES"] = "0",
        ["Millrace:Execute:PollSeconds"] = "0.05",
        ["Millrace:Store:Migrate"] = "False",
        ["MILLRACE_POSTGRES"] = "Host=db;Database=millrace",
        ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
        ["MILLRACE_REDIS"] = "cache:6379,abortConnect=false",
    });

    private static string Refused(Dictionary<string, string?> settings) =>
        Assert.Throws<InvalidOperationException>(() => Check(settings)).Message;

    private static void Check(Dictionary<string, string?> settings) =>
        SettingsCheck.Refuse(SettingAliases.Resolve(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()));
}
