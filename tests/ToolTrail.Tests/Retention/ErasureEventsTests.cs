using System.Text;
using ToolTrail.Integrity;
using ToolTrail.Retention;
using ToolTrail.Sealing;

namespace ToolTrail.Tests.Retention;

public sealed class ErasureEventsTests
{
    [Fact]
    public void ManyRanges_AreSplitSoThatEachEventFitsIntoAnEntry() =>
        Check([.. Enumerable.Range(0, 10_000).Select(i => new LineRange(1_000_000_000 + (i * 3), 1_000_000_001 + (i * 3)))], []);

    [Fact]
    public void OneRangeOfWhichMuchIsKept_IsSplitToo() =>
        Check([new LineRange(5, 104)], [.. Enumerable.Range(5, 100).Select(line => new KeptFields(line, "2026-11-20T12:00:00.000Z", new string('\u0001', 64), new string('\u0002', 64)))]);

    [Fact]
    public void FewLines_AreOneEvent() => Assert.Single(ErasureEvents.Of(Event([new LineRange(5, 5), new LineRange(7, 9)], []), "home"));

    private static void Check(LineRange[] lines, KeptFields[] kept)
    {
        var texts = ErasureEvents.Of(Event(lines, kept), "home").ToList();
        Assert.InRange(texts.Count, 2, 50);
        Assert.All(texts, text => Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, EntryBundle.MaxEntryBytes - 1000));
        var events = texts.ConvertAll(text => SealEvent.Parse("home", text)!);
        Assert.Equal(lines.SelectMany(Numbers), events.SelectMany(one => one.Lines).SelectMany(Numbers));
        Assert.Equal(kept, events.SelectMany(one => one.Kept));
        Assert.All(events, one => Assert.All(one.Kept, field => Assert.Contains(one.Lines, range => range.Contains(field.Line))));
    }

    private static IEnumerable<long> Numbers(LineRange range)
    {
        for (var line = range.First; line <= range.Last; line++)
            yield return line;
    }

    private static SealEvent Event(IReadOnlyList<LineRange> lines, IReadOnlyList<KeptFields> kept) =>
        new() { Kind = SealEventKind.Erased, Time = DateTimeOffset.UnixEpoch, Origin = "home/ann/2026-11-20", Reason = new string('\u0003', ErasureRequest.MaxReasonChars), Lines = lines, Kept = kept };
}
