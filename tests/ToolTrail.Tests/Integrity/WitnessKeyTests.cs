using System.Text;
using CsCheck;
using ToolTrail.Integrity;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Integrity;

/// <summary>Witnesses' keys and cosignatures, against a head of a public log that four public witnesses cosigned, and against everything that is none.</summary>
public sealed class WitnessKeyTests : IDisposable
{
    // A checkpoint of the public log arche2025h1.staging.ct.transparency.dev with its cosignatures, as published.
    private const string PublicHead =
        "arche2025h1.staging.ct.transparency.dev\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n"
        + "\u2014 arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=\n"
        + "\u2014 arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n"
        + "\u2014 transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==\n"
        + "\u2014 witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==\n"
        + "\u2014 remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==\n"
        + "\u2014 witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==\n";

    private const string PublicLog = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f";
    private const string Remora = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
    private const string Text = "home-1\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
    private static readonly DateTimeOffset PublicTime = new(2026, 5, 23, 21, 50, 24, TimeSpan.Zero);

    // As their operators publish them; remora.n621.de's is also in the tests of transparency-dev/formats, note/note_cosigv1_test.go.
    private static readonly WitnessKey[] PublicWitnesses =
    [
        WitnessKey.Parse(Remora),
        WitnessKey.Parse("witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv"),
        WitnessKey.Parse("transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM"),
        WitnessKey.Parse("witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO"),
    ];

    private readonly CosigningKey _key = new("witness.example/w1");

    public void Dispose() => _key.Dispose();

    [Fact]
    public void CosignedAt_HeadOfAPublicLog_IsWhenEachPublicWitnessSaysSo()
    {
        var head = Note(PublicHead);
        Assert.Equal(PublicWitnesses.Select(witness => new Cosignature(witness, PublicTime)), Cosignature.Of(head, PublicWitnesses));
        Assert.True(VerifierKey.Parse(PublicLog).Signed(head));

        var other = Note(PublicHead.Replace("1432088532", "1432088533", StringComparison.Ordinal));
        Assert.Empty(Cosignature.Of(other, PublicWitnesses));
    }

    [Fact]
    public void ToString_PublicKeys_AreWrittenAsTheyWereRead()
    {
        Assert.Equal(Remora, PublicWitnesses[0].ToString());
        Assert.Equal(("remora.n621.de", 0xda77ade7), (PublicWitnesses[0].Name, PublicWitnesses[0].Id));
        Assert.Equal(WitnessKey.Parse(Remora), PublicWitnesses[0]);
        Assert.NotEqual(PublicWitnesses[1], PublicWitnesses[0]);
    }

    [Fact]
    public void CosignedAt_CosignatureOfTheSpecification_IsReadAndNotTakenForAnothers()
    {
        // c2sp.org/tlog-cosignature shows a line and its time, and no key.
        var head = Note(
            "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
            + "\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
            + "\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n");
        Assert.Equal(("witness.example.com/w1", 0x8d66cf3f, 72), (head.Signatures[1].Name, head.Signatures[1].KeyId, head.Signatures[1].Bytes.Length));
        Assert.Empty(Cosignature.Of(head, PublicWitnesses));
    }

    [Fact]
    public void CosignedAt_OtherSignatures_DoNotMatter()
    {
        using var log = SigningKey.Create("home-1");
        using var other = new CosigningKey("witness.example/w1");
        var head = SignedNote.Sign(Text, log).With(other.Cosign(Text, 7), _key.Cosign(Text, 1_700_000_000));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), _key.Public.CosignedAt(head));
        Assert.Equal([other.Public], Cosignature.Of(head, [other.Public, other.Public, PublicWitnesses[0]]).Select(c => c.Witness));
        Assert.Null(_key.Public.CosignedAt(SignedNote.Sign(Text, log)));
    }

    [Fact]
    public void CosignedAt_Twice_IsTheLatest()
    {
        var head = Note(Text + "\n" + CosigningKey.Line(_key.Cosign(Text, 8)) + CosigningKey.Line(_key.Cosign(Text, 7)));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(8), _key.Public.CosignedAt(head));
    }

    [Fact]
    public void CosignedAt_CosignatureOfAnotherText_IsNotOutweighedByARightOne()
    {
        var head = Note(Text + "\n" + CosigningKey.Line(_key.Cosign(Text, 8)) + CosigningKey.Line(_key.Cosign("other\n", 7)));
        Assert.Null(_key.Public.CosignedAt(head));
    }

    [Theory]
    [InlineData(0UL, true)]
    [InlineData(253402300799UL, true)]
    [InlineData(253402300800UL, false)]
    [InlineData(ulong.MaxValue, false)]
    public void CosignedAt_AnyTime_IsTakenIfACalendarHasIt(ulong time, bool taken) =>
        Assert.Equal(taken, _key.Public.CosignedAt(Note(Text + "\n" + CosigningKey.Line(_key.Cosign(Text, time)))) is not null);

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(71)]
    [InlineData(73)]
    public void CosignedAt_AnotherLength_IsNone(int length)
    {
        var signature = _key.Cosign(Text, 7);
        var bytes = new byte[length];
        signature.Bytes.Span[..Math.Min(length, 72)].CopyTo(bytes);
        Assert.Null(_key.Public.CosignedAt(Note(Text + "\n" + CosigningKey.Line(signature with { Bytes = bytes }))));
    }

    [Fact]
    public void CosignedAt_AnyChangeOfAHead_IsRefusedOrNotCosigned() =>
        (from place in Gen.Int[0, 10_000]
         from value in Gen.Byte
         select (place, value)).Sample(
            t =>
            {
                var bytes = Encoding.UTF8.GetBytes(Text + "\n" + CosigningKey.Line(_key.Cosign(Text, 1_700_000_000)));
                var place = t.place % bytes.Length;
                if (bytes[place] == t.value)
                    return;
                bytes[place] = t.value;
                Assert.Null(TimeIn(bytes));
            });

    [Fact]
    public void Parse_AnyPartOrChange_IsRefused()
    {
        for (var start = 0; start <= Remora.Length; start++)
        {
            for (var end = start; end <= Remora.Length; end++)
            {
                if (end - start < Remora.Length)
                    Assert.Throws<IntegrityFormatException>(() => WitnessKey.Parse(Remora[start..end]));
            }
        }

        for (var i = 0; i < Remora.Length; i++)
        {
            var changed = Remora.ToCharArray();
            changed[i]++;
            Assert.Throws<IntegrityFormatException>(() => WitnessKey.Parse(new string(changed)));
        }
    }

    [Fact]
    public void Parse_KeyThatSignsNotes_SaysWhichAlgorithmIsWanted()
    {
        var message = Assert.Throws<IntegrityFormatException>(() => WitnessKey.Parse(PublicLog)).Message;
        Assert.Contains("of algorithm 1 instead of 4 (cosignature/v1)", message, StringComparison.Ordinal);
        Assert.Throws<IntegrityFormatException>(() => VerifierKey.Parse(Remora));
    }

    private DateTimeOffset? TimeIn(byte[] bytes)
    {
        try
        {
            return _key.Public.CosignedAt(SignedNote.Parse(bytes));
        }
        catch (IntegrityFormatException)
        {
            return null;
        }
    }

    private static SignedNote Note(string text) => SignedNote.Parse(Encoding.UTF8.GetBytes(text));
}
