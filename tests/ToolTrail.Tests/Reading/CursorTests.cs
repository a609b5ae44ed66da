using System.Buffers.Text;
using System.Text;
using CsCheck;
using ToolTrail.Reading;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Reading;

public sealed class CursorTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cursor_OfAnotherUser_IsRefused()
    {
        using var trail = Filled("ann", "bob");
        var next = (await trail.PageAsync("ann", 1)).Next;
        await Assert.ThrowsAsync<InvalidCursorException>(() => trail.PageAsync("bob", 1, cursor: next));
    }

    [Fact]
    public async Task Cursor_WhoseLineChanged_IsRefused()
    {
        using var trail = Filled("ann");
        var page = await trail.PageAsync("ann", 1);
        var path = trail.Files.PathOf("ann", Trail.Today);
        var bytes = await File.ReadAllBytesAsync(path, Cancelled);
        bytes[page.Records[0].Position.Offset + 60] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Cancelled);
        var refusal = await Assert.ThrowsAsync<InvalidCursorException>(() => trail.PageAsync("ann", 1, cursor: page.Next));
        Assert.Contains("without a cursor", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidCursorException>(() => trail.PageAsync(null, 1, cursor: page.Next));
    }

    [Fact]
    public async Task Cursor_WhoseFileVanished_IsRefused()
    {
        using var trail = Filled("ann", "bob");
        var next = (await trail.PageAsync(null, 3)).Next;
        File.Delete(trail.Files.PathOf("ann", Trail.Today));
        File.Delete(trail.Files.PathOf("bob", Trail.Today));
        await Assert.ThrowsAsync<InvalidCursorException>(() => trail.PageAsync(null, 3, cursor: next));
    }

    [Fact]
    public async Task Cursor_OlderThanTheDaysAskedFor_EndsWithItsDay()
    {
        using var trail = Filled("ann");
        trail.Files.Append("ann", Trail.Today.AddDays(-3), 1, DayFiles.Line(Trail.Noon.AddDays(-3)), DayFiles.Line(Trail.Noon.AddDays(-3)));
        trail.Files.Append("ann", Trail.Today.AddDays(-4), 1, DayFiles.Line(Trail.Noon.AddDays(-4)));
        var next = (await trail.PageAsync("ann", 6)).Next;
        Assert.Equal(2, (await trail.PageAsync("ann", 6, cursor: next)).Records.Count);
        var page = await trail.PageAsync("ann", 6, days: 2, cursor: next);
        Assert.Equal(Trail.Today.AddDays(-3), Assert.Single(page.Records).Position.File.Day);
        Assert.Null(page.Next);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AQ")]
    [InlineData("not a cursor")]
    [InlineData("../../etc/passwd")]
    public async Task Cursor_OtherText_IsRefused(string text)
    {
        using var trail = Filled("ann");
        await Assert.ThrowsAsync<InvalidCursorException>(() => trail.PageAsync("ann", 1, cursor: text));
        await Assert.ThrowsAsync<InvalidCursorException>(() => trail.PageAsync(null, 1, cursor: text));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../x/ann")]
    [InlineData(".tooltrail")]
    [InlineData("/")]
    [InlineData("an\0n")]
    [InlineData("é")]
    public async Task Cursor_WithAnotherFolder_LeadsNowhere(string folder)
    {
        using var trail = Filled("ann");
        var bytes = Base64Url.DecodeFromChars((await trail.PageAsync(null, 1)).Next);
        byte[] edited = [.. bytes[..^3], .. Encoding.UTF8.GetBytes(folder)];
        await Assert.ThrowsAsync<InvalidCursorException>(() => trail.PageAsync(null, 1, cursor: Base64Url.EncodeToString(edited)));
    }

    [Fact]
    public async Task Cursor_AnyEdit_IsRefusedOrStillReadsThisTrail()
    {
        using var trail = Filled("ann", "bob");
        var bytes = Base64Url.DecodeFromChars((await trail.PageAsync("ann", 2)).Next);
        var edit = Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte, Gen.Int[0, bytes.Length]);
        await Gen.OneOf(
            edit.Array[1, 4].Select(edits => Edit(bytes, edits)),
            edit.Select(edit => bytes[..edit.Item3]),
            Gen.Byte.Array[0, 60]).SampleAsync(async edited =>
        {
            foreach (var user in new[] { "ann", null })
            {
                try
                {
                    await trail.PageAsync(user, 5, cursor: Base64Url.EncodeToString(edited));
                }
                catch (InvalidCursorException)
                {
                    // The other right answer.
                }
            }
        }, iter: 2000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("nonsense!")]
    public void FollowPosition_OtherText_IsRefused(string text) => Assert.Throws<InvalidCursorException>(() => FollowPosition.Parse(text));

    [Fact]
    public void FollowPosition_AnyBytes_AreRefusedOrReadBack() => Gen.Byte.Array[0, 40].Sample(bytes =>
    {
        try
        {
            var text = FollowPosition.Parse(Base64Url.EncodeToString([1, .. bytes])).ToString();
            Assert.Equal(text, FollowPosition.Parse(text).ToString());
        }
        catch (InvalidCursorException)
        {
            // The other right answer.
        }
    }, iter: 20_000);

    private static Trail Filled(params string[] users)
    {
        var trail = new Trail();
        foreach (var user in users)
            trail.Append(user, Enumerable.Range(0, 5).Select(i => DayFiles.Line(Trail.Noon.AddMinutes(-i), user)));
        return trail;
    }

    private static byte[] Edit(byte[] bytes, (int At, byte Value, int)[] edits)
    {
        byte[] edited = [.. bytes];
        foreach (var (at, value, _) in edits)
            edited[at] = value;
        return edited;
    }
}
