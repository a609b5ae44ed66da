using CsCheck;
using ToolTrail.Recording;

namespace ToolTrail.Tests.Recording;

public sealed class GlobTests
{
    [Theory]
    [InlineData("read_*", "read_file", true)]
    [InlineData("read_*", "read_", true)]
    [InlineData("read_*", "Read_file", false)]
    [InlineData("*_file", "read_file_file", true)]
    [InlineData("r?ad", "read", true)]
    [InlineData("r?ad", "rad", false)]
    [InlineData("*a*b*", "xxaxxbxx", true)]
    [InlineData("*a*b*", "xxbxxaxx", false)]
    [InlineData(@"CORP\ann", @"CORP\ann", true)]
    [InlineData(@"CORP\*", @"CORP\ann", true)]
    [InlineData(@"CORP\ann", "CORPann", false)]
    [InlineData("""a"<>.b""", """a"<>.b""", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("**", "", true)]
    [InlineData("?", "", false)]
    [InlineData("*", null, true)]
    [InlineData("a", null, false)]
    [InlineData(null, null, true)]
    public void Pattern_MatchesTheWholeName(string? pattern, string? name, bool isMatch) => Assert.Equal(isMatch, Glob.IsMatch(pattern, name));

    [Fact]
    public void EachName_IsItsOwnPattern_AndSoIsWhatIsMadeOfItByWildcards() =>
        Gen.Select(Gen.Char["ab\\.*?\"<>"].Array[0, 8], Gen.Int[0, 8], Gen.Int[0, 8]).Sample((name, from, length) =>
        {
            var text = new string(name);
            var (start, end) = (Math.Min(from, text.Length), Math.Min(from + length, text.Length));
            Assert.True(Glob.IsMatch(text, text));
            Assert.True(Glob.IsMatch($"{text[..start]}*{text[end..]}", text));
            Assert.True(Glob.IsMatch($"{text[..start]}{new string('?', end - start)}{text[end..]}", text));
        });
}
