using System.Text;
using CsCheck;
using ToolTrail.Integrity;

namespace ToolTrail.Tests.Integrity;

/// <summary>Notes and keys, against what Go's <c>golang.org/x/mod/sumdb/note</c> documents byte for byte, and against everything that is none.</summary>
public sealed class SignedNoteTests
{
    private const string GoVerifier = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    private const string GoSigner = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    private const string GoText = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    private const string GoSignature = "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    [Fact]
    public void Sign_WithGosKey_GivesGosNote()
    {
        using var key = SigningKey.Parse(GoSigner);
        Assert.Equal(GoText + "\n" + GoSignature, SignedNote.Sign(GoText, key).ToString());
        Assert.Equal(GoVerifier, key.Verifier.ToString());
        Assert.Equal(GoSigner, key.Export());
    }

    [Fact]
    public void Verify_NoteOfTheSpecification_IsSigned()
    {
        // c2sp.org/signed-note, "Example".
        var key = VerifierKey.Parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
        const string Signature = "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
        Assert.True(key.Signed(Parse("This is an example message.\n\n" + Signature)));
        Assert.False(key.Signed(Parse("This is an example massage.\n\n" + Signature)));
    }

    [Fact]
    public void Verify_OtherSignatures_DoNotMatter()
    {
        using var other = SigningKey.Create("somebody.else");
        var note = Parse(GoText + "\n" + GoSignature).With(SignedNote.Sign(GoText, other).Signatures);
        Assert.Equal(2, note.Signatures.Count);
        Assert.True(VerifierKey.Parse(GoVerifier).Signed(note));
        Assert.True(other.Verifier.Signed(note));
        using var third = SigningKey.Create("a.third");
        Assert.False(third.Verifier.Signed(note));
    }

    [Fact]
    public void Verify_OwnSignatureOfAnotherText_IsNotOutweighedByARightOne()
    {
        using var key = SigningKey.Create("log");
        var note = SignedNote.Sign("a\n", key).With(SignedNote.Sign("b\n", key).Signatures);
        Assert.False(key.Verifier.Signed(note));
    }

    [Fact]
    public void Parse_TextWithEmptyLines_SplitsAtTheLast()
    {
        using var key = SigningKey.Create("log");
        var note = SignedNote.Sign("a\n\nb\n\n\u2014 not a signature\n", key);
        var parsed = Parse(note.ToString());
        Assert.Equal(note.Text, parsed.Text);
        Assert.True(key.Verifier.Signed(parsed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("text\n")]
    [InlineData("text\n\n")]
    [InlineData("text\n\nno signature\n")]
    [InlineData("text\n\nx\n")]
    [InlineData("text\n\n\u2014 name AAAAAAA=")]
    [InlineData("text\n\n\u2014 name AAAA\n")]
    [InlineData("text\n\n\u2014 name AAAAAAB=\n")]
    [InlineData("text\n\n\u2014 name AAAA AAA=\n")]
    [InlineData("text\n\n\u2014 na+me AAAAAAA=\n")]
    [InlineData("text\n\n\u2014  AAAAAAA=\n")]
    [InlineData("te\rxt\n\n\u2014 name AAAAAAA=\n")]
    [InlineData("te\0xt\n\n\u2014 name AAAAAAA=\n")]
    public void Parse_NoNote_SaysWhy(string text) => Assert.NotEmpty(Assert.Throws<IntegrityFormatException>(() => Parse(text)).Message);

    [Fact]
    public void Parse_TooLargeOrTooManySignatures_IsRefused()
    {
        Assert.Throws<IntegrityFormatException>(() => SignedNote.Parse(new byte[SignedNote.MaxBytes + 1]));
        var many = "text\n\n" + string.Concat(Enumerable.Repeat("\u2014 name AAAAAAA=\n", SignedNote.MaxSignatures + 1));
        Assert.Throws<IntegrityFormatException>(() => Parse(many));
        Assert.Throws<IntegrityFormatException>(() => SignedNote.Parse([0xff, (byte)'\n', (byte)'\n']));
    }

    [Fact]
    public void Parse_AnyChangeOfANote_IsRefusedOrNotSigned() =>
        (from place in Gen.Int[0, 10_000]
         from value in Gen.Byte
         select (place, value)).Sample(
            t =>
            {
                var bytes = Encoding.UTF8.GetBytes(GoText + "\n" + GoSignature);
                var place = t.place % bytes.Length;
                if (bytes[place] == t.value)
                    return;
                bytes[place] = t.value;
                Assert.False(IsSigned(bytes));
            });

    [Fact]
    public void Parse_AnyBytes_AreRefused() => Gen.Byte.Array[0, 300].Sample(bytes => Assert.False(IsSigned(bytes)));

    [Fact]
    public void VerifierKey_AnyPartOrChange_IsRefused()
    {
        for (var start = 0; start <= GoVerifier.Length; start++)
        {
            for (var end = start; end <= GoVerifier.Length; end++)
            {
                if (end - start < GoVerifier.Length)
                    Assert.Throws<IntegrityFormatException>(() => VerifierKey.Parse(GoVerifier[start..end]));
            }
        }

        for (var i = 0; i < GoVerifier.Length; i++)
        {
            var changed = GoVerifier.ToCharArray();
            changed[i]++;
            Assert.Throws<IntegrityFormatException>(() => VerifierKey.Parse(new string(changed)));
        }
    }

    [Fact]
    public void SigningKey_AnyPartOrChange_IsRefused_AndNeverTold()
    {
        for (var i = 0; i < GoSigner.Length; i++)
        {
            var changed = GoSigner.ToCharArray();
            changed[i]++;
            var message = Assert.Throws<IntegrityFormatException>(() => SigningKey.Parse(new string(changed))).Message;
            Assert.DoesNotContain("AYEKFALVFGyNhPJEMzD1", message, StringComparison.Ordinal);
            Assert.Throws<IntegrityFormatException>(() => SigningKey.Parse(GoSigner[..i]));
        }
    }

    [Theory]
    [InlineData("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==")]
    [InlineData("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    public void VerifierKey_WrongLengthOrAlgorithmWithTheRightId_IsRefused(string key) =>
        Assert.Throws<IntegrityFormatException>(() => VerifierKey.Parse(key));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a+b")]
    [InlineData("a\tb")]
    [InlineData("a\u00a0b")]
    public void SigningKey_NameThatCannotBe_IsRefused(string name) => Assert.Throws<IntegrityFormatException>(() => SigningKey.Create(name));

    [Theory]
    [InlineData("no line feed")]
    [InlineData("a\tb\n")]
    public void Sign_TextThatCannotBe_IsRefused(string text)
    {
        using var key = SigningKey.Create("log");
        Assert.Throws<IntegrityFormatException>(() => SignedNote.Sign(text, key));
    }

    private static SignedNote Parse(string note) => SignedNote.Parse(Encoding.UTF8.GetBytes(note));

    private static bool IsSigned(byte[] bytes)
    {
        try
        {
            return VerifierKey.Parse(GoVerifier).Signed(SignedNote.Parse(bytes));
        }
        catch (IntegrityFormatException)
        {
            return false;
        }
    }
}
