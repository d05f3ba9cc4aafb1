namespace Millrace.Tests;
public sealed class PlaceholderTests { [Fact] public void One_is_one() => Assert.Equal(1, int.Parse("1", System.Globalization.CultureInfo.InvariantCulture)); }
