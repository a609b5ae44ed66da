using System.Text;
using System.Text.Json;
using CsCheck;
using ToolTrail.Records;

namespace ToolTrail.Tests.Records;

/// <summary>What holds for every record, however odd.</summary>
public sealed class RecordCodecProperties
{
    private static readonly Gen<string> Words = Gen.OneOf(
        "password", "token=", "Bearer ", "eyJ", "://u:", "@", "é", "😀", "\ud800", "\udc00", "\u2028", "\u0085", "\0", "\"", "\\", "\n", " …[", " chars total]", "'", "/", "~", "x");

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[0, 40], Words.Array[0, 12].Select(string.Concat), Gen.Select(Words, Gen.Int[0, 1200]).Select((word, n) => string.Concat(Enumerable.Repeat(word, n))));

    private static readonly Gen<string> Json = Gen.Recursive<string>((depth, inner) => depth > 6
        ? Gen.Const("null")
        : Gen.Frequency(
            (4, Text.Select(Quote)),
            (2, Gen.OneOf("null", "true", "-0", "1e400", "12345678901234567890123")),
            (1, inner.Array[0, 6].Select(items => $"[{string.Join(',', items)}]")),
            // Long arrays of short items alone: long ones within long ones would take all memory.
            (1, Gen.Select(inner, Gen.Int[95, 130]).Select((item, n) => item.Length > 2000 ? item : $"[{string.Join(',', Enumerable.Repeat(item, n))}]")),
            (2, Gen.Select(Text.Select(Quote), inner).Array[0, 5].Select(members => $"{{{string.Join(',', members.Select(m => m.Item1 + " : " + m.Item2))}}}"))));

    private static readonly Gen<byte[]> Arguments = Gen.Frequency((8, Json.Select(Encoding.UTF8.GetBytes)), (1, Gen.Byte.Array[0, 200]), (1, Text.Select(Encoding.UTF8.GetBytes)));

    private static readonly Gen<ToolCallRecord> Records =
        from user in Text
        from tool in Text
        from args in Arguments
        from result in Gen.OneOf(Text.Select(ToolResult.FromText), Arguments.Select(a => ToolResult.FromJson(a)), Gen.Byte.Array.Select(a => ToolResult.FromUtf8(a)))
        from reason in Text
        from message in Text
        from extra in Arguments
        from duration in Gen.Double
        select new ToolCallRecord
        {
            User = user, Tool = tool, Arguments = args, Result = result, Reason = reason, Error = new ToolCallError(tool, message), Extra = extra,
            DurationMs = duration, Status = ToolCallStatus.Error, Session = user,
        };

    [Fact]
    public void Encode_AnyRecord_IsOneParsingLineWithinTheLimit() => Records.Sample(record =>
    {
        var line = Lines.Bytes(record);
        Assert.InRange(line.Length, 1, RecordCodec.MaxLineBytes);
        Assert.DoesNotContain((byte)'\n', line);
        using var json = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 64 });
        Assert.Equal(["ts", "user", "tool", "args", "status", "result_chars", "result_snippet", "id"], json.RootElement.EnumerateObject().Take(8).Select(p => p.Name));
        Assert.Equal(JsonValueKind.Object, json.RootElement.GetProperty("args").ValueKind);
        Assert.True(RecordHeader.TryRead(line, TimeZoneInfo.Utc, out _));
    });

    [Fact]
    public void Encode_WhatWasDecoded_IsTheSameLine() => Records.Sample(record =>
    {
        var once = Lines.Bytes(record);
        var twice = Lines.Bytes(Lines.Decode(once));
        var thrice = Lines.Bytes(Lines.Decode(twice));
        // A redaction may uncover another (a mark makes two texts neighbours), so the second time may still change something: the third not.
        Assert.Equal(Encoding.UTF8.GetString(twice), Encoding.UTF8.GetString(thrice));
    });

    [Fact]
    public void Encode_WhateverWayItFinds_IsTheSameLine()
    {
        // A pattern of the user's own makes the codec look at every text, where else a first look at the bytes tells that there is nothing to find.
        var thorough = Lines.Codec(redaction: new RedactionSettings { Patterns = ["never matches \\z a text"] });
        Records.Sample(record => Assert.Equal(Lines.Text(record, thorough), Lines.Text(record)));
    }

    [Fact]
    public void Encode_ShortPlainTree_IsKeptWhole()
    {
        var plain = Gen.Recursive<string>((depth, inner) => depth > 4
            ? Gen.Const("1")
            : Gen.OneOf(
                Gen.String[Gen.Char.AlphaNumeric, 0, 20].Select(text => Quote("é😀\n" + text)),
                inner.Array[0, 4].Select(items => $"[{string.Join(',', items)}]"),
                Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 0, 3].Select(text => Quote("m" + text)), inner).Array[0, 4]
                    .Select(members => $"{{{string.Join(',', members.DistinctBy(m => m.Item1).Select(m => m.Item1 + ":" + m.Item2))}}}")));
        plain.Sample(json =>
        {
            var kept = Lines.Args($$"""{"v":{{json}}}""").GetProperty("v");
            using var given = JsonDocument.Parse(json);
            Assert.True(JsonElement.DeepEquals(given.RootElement, kept), json);
        });
    }

    [Fact]
    public void Encode_ValueUnderASecretsName_IsNowhereInTheBytes()
    {
        var name = Gen.OneOf("password", "API_KEY", "clientSecret", "x-auth-token", "cookie", "my.private_key");
        var secret = Gen.String[Gen.Char["0123456789abcdefghijkmnpqrtuvwxyz"], 12, 40].Select(text => "Zq" + text);
        var shape = Gen.Int[0, 7];
        Gen.Select(name, secret, shape, Gen.String[0, 20], Gen.Int[0, 600]).Sample((name, secret, shape, noise, padding) =>
        {
            var pad = new string('.', padding);
            var text = shape switch
            {
                0 => $"{pad} {name}={secret} {pad}",
                1 => $"{pad} {{\"{name}\": \"{secret}\"}}",
                2 => $"{pad} {name}: '{secret}'",
                3 => $"cmd --{name} {secret}",
                4 => $"https://user:{secret}@host/{pad}",
                5 => $"{pad} Bearer {secret}",
                6 => $"{pad} {{\\\"{name}\\\":\\\"{secret}\\\"}}",
                _ => $"{pad} ghp_{secret}{secret}",
            };
            var record = Lines.Call($$"""{ {{Quote(noise)}}: [{ {{Quote(name)}}: {{Quote(secret)}} }], "text": {{Quote(text)}} }""", result: text) with
            {
                Reason = text,
                Error = new ToolCallError(null, text),
            };
            Assert.DoesNotContain(secret, Lines.Text(record), StringComparison.OrdinalIgnoreCase);
        });
    }

    // JSON with \u escapes for half of the text, so that lone surrogates survive until the codec sees them; the short escapes in every second text.
    private static string Quote(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (text.Length % 2 == 0 && c is '"' or '\\' or '\n')
                json.Append('\\').Append(c == '\n' ? 'n' : c);
            else if (c is '"' or '\\' or < ' ' || char.IsSurrogate(c))
                json.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                json.Append(c);
        }

        return json.Append('"').ToString();
    }
}
