using CsCheck;
using ToolTrail.Home;

namespace ToolTrail.Tests.Home;

public sealed class UserFolderNameTests
{
    // Parts that names are made of where something may go wrong, and anything else.
    private static readonly Gen<string> Users = Gen.OneOf(
        Gen.String[0, 12],
        Gen.OneOf(
            "", ".", "..", "/", "\\", ":", "%", "%2", "%2E", "%h", "con", "COM1", "nul", "A", "a", "é", "😀", "\ud800", "\udc00", "\0", "\n", " ", "~", "tooltrail",
            "0123456789abcdef0123456789abcdef").Array[0, 4].Select(string.Concat),
        Gen.Select(Gen.OneOf("a", "é", "A", ".", "😀"), Gen.Int[60, 300], Gen.String[0, 3]).Select((part, n, end) => string.Concat(Enumerable.Repeat(part, n)) + end));

    [Theory]
    [InlineData("ann", "ann")]
    [InlineData("Ann.Smith_2@example-host", "Ann.Smith_2@example-host")]
    [InlineData("ann smith", "ann%20smith")]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("a\\b:c", "a%5Cb%3Ac")]
    [InlineData("é", "%C3%A9")]
    [InlineData("100%", "100%25")]
    [InlineData("", "%")]
    [InlineData(".", "%2E")]
    [InlineData("..", "%2E%2E")]
    [InlineData("...", "%2E.%2E")]
    [InlineData(".tooltrail", "%2Etooltrail")]
    [InlineData("tooltrail", "tooltrail")]
    [InlineData("ann.", "ann%2E")]
    [InlineData("CON", "%43ON")]
    [InlineData("con", "%63on")]
    [InlineData("Nul.txt", "%4Eul.txt")]
    [InlineData("com1", "%63om1")]
    [InlineData("LPT9.a.b", "%4CPT9.a.b")]
    [InlineData("com0", "com0")]
    [InlineData("console", "console")]
    [InlineData("a\0b\nc", "a%00b%0Ac")]
    public void Encode_Name_IsTheFolderOfTheDesign(string user, string folder)
    {
        Assert.Equal(folder, UserFolderName.Encode(user, encodeUpperCase: false));
        Assert.Equal(user, UserFolderName.Decode(folder));
    }

    [Theory]
    [InlineData("Ann", "%41nn")]
    [InlineData("ann", "ann")]
    [InlineData("CON", "%43%4F%4E")]
    public void Encode_WhereCaseIsIgnored_EncodesUpperCaseToo(string user, string folder)
    {
        Assert.Equal(folder, UserFolderName.Encode(user, encodeUpperCase: true));
        Assert.Equal(user, UserFolderName.Decode(folder));
    }

    [Fact]
    public void Encode_NameOf300Bytes_KeepsItsBeginningAndADigest()
    {
        // head -c 300 /dev/zero | tr "\0" a | sha256sum
        Assert.Equal(
            new string('a', 180) + "%h" + "9835fa6bf4e20a9b9ea812506302e989",
            UserFolderName.Encode(new string('a', 300), encodeUpperCase: false));
        Assert.Equal(new string('a', 255), UserFolderName.Encode(new string('a', 255), encodeUpperCase: false));
    }

    [Theory]
    [InlineData(0, 180)]
    [InlineData(1, 178)]
    [InlineData(2, 179)]
    public void Encode_LongName_IsNeverCutWithinAnEscape(int plain, int kept)
    {
        var user = new string('a', plain) + new string(' ', 100);
        var folder = UserFolderName.Encode(user, encodeUpperCase: false);
        Assert.Equal(kept, folder.IndexOf("%h", StringComparison.Ordinal));
        Assert.Null(UserFolderName.Decode(folder));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("%41nn%42x/")]
    [InlineData("%61nn")]
    [InlineData("%2etooltrail")]
    [InlineData(".tooltrail")]
    [InlineData("%4")]
    [InlineData("%%")]
    [InlineData("%FF")]
    [InlineData("")]
    [InlineData("con")]
    public void Decode_FolderThatNoNameHas_IsNull(string folder) => Assert.Null(UserFolderName.Decode(folder));

    [Fact]
    public void Encode_AnyName_StaysWithinTheHomeAndReadsBack() => Gen.Select(Users, Gen.Bool).Sample((user, upper) =>
    {
        var folder = UserFolderName.Encode(user, upper);
        Assert.InRange(folder.Length, 1, 255);
        Assert.All(folder, c => Assert.True(char.IsAsciiLetterOrDigit(c) || "._@-%".Contains(c, StringComparison.Ordinal)));
        Assert.NotEqual(".tooltrail", folder);

        var home = Path.GetTempPath();
        Assert.Equal(Path.TrimEndingDirectorySeparator(home), Path.GetDirectoryName(Path.GetFullPath(Path.Combine(home, folder))));

        if (!folder.Contains("%h", StringComparison.Ordinal))
            Assert.Equal(AsRecorded(user), UserFolderName.Decode(folder));
        else
            Assert.Null(UserFolderName.Decode(folder));
    });

    [Fact]
    public void Encode_TwoNames_NeverShareAFolder() => Gen.Select(Users.Array[2, 30], Gen.Bool).Sample((users, upper) =>
    {
        // Where case is ignored, folders that differ in it alone would be one.
        var comparer = upper ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        var names = users.Select(AsRecorded).Distinct(StringComparer.Ordinal).ToArray();
        Assert.Equal(names.Length, names.Select(name => UserFolderName.Encode(name, upper)).Distinct(comparer).Count());
    });

    [Fact]
    public void Encode_LoneSurrogate_IsTheNameThatTheRecordShows() =>
        Assert.Equal(UserFolderName.Encode("a\uFFFDb", encodeUpperCase: false), UserFolderName.Encode("a\ud800b", encodeUpperCase: false));

    private static string AsRecorded(string user) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(user));
}
