using System.Buffers.Binary;
using System.Text;

namespace ToolTrail.Integrity;

/// <summary>A text that was signed (C2SP signed-note): the text, an empty line, and a line for each signature. Immutable.</summary>
/// <remarks>What was parsed need not be right: ask <see cref="VerifierKey.Signed"/>.</remarks>
public sealed class SignedNote
{
    /// <summary>Larger notes are refused: 1 MB.</summary>
    public const int MaxBytes = 1_000_000;

    /// <summary>Notes with more signatures are refused.</summary>
    public const int MaxSignatures = 100;

    private const string SignaturePrefix = "\u2014 ";
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private SignedNote(string text, IReadOnlyList<NoteSignature> signatures)
    {
        Text = text;
        Signatures = signatures;
    }

    /// <summary>What was signed, its last LF included.</summary>
    public string Text { get; }

    /// <summary>The signatures, in order.</summary>
    public IReadOnlyList<NoteSignature> Signatures { get; }

    /// <summary>Signs a text.</summary>
    /// <param name="text">Ends with LF; no other control characters.</param>
    /// <param name="keys">Who signs, in order.</param>
    /// <exception cref="IntegrityFormatException">The text cannot be a note's.</exception>
    public static SignedNote Sign(string text, params ReadOnlySpan<SigningKey> keys)
    {
        CheckText(text);
        var bytes = Utf8.GetBytes(text);
        var signatures = new List<NoteSignature>();
        foreach (var key in keys)
            signatures.Add(key.Sign(bytes));
        return new SignedNote(text, signatures);
    }

    /// <summary>Reads a note.</summary>
    /// <exception cref="IntegrityFormatException">It is none.</exception>
    public static SignedNote Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
            throw new IntegrityFormatException($"The note has more than {MaxBytes} bytes.");
        string note;
        try
        {
            note = Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new IntegrityFormatException("The note is not UTF-8.");
        }

        // The last empty line: the text may hold others.
        var split = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0)
            throw new IntegrityFormatException("The note has no empty line between its text and its signatures.");
        var text = note[..(split + 1)];
        CheckText(text);
        var lines = note[(split + 2)..].Split('\n');
        if (lines.Length < 2 || lines[^1].Length > 0)
            throw new IntegrityFormatException("The note does not end with a signature and a line feed.");
        if (lines.Length - 1 > MaxSignatures)
            throw new IntegrityFormatException($"The note has more than {MaxSignatures} signatures.");
        return new SignedNote(text, [.. lines[..^1].Select(ParseSignature)]);
    }

    /// <summary>The same text with more signatures, behind those that it has.</summary>
    public SignedNote With(params IEnumerable<NoteSignature> signatures) => new(Text, [.. Signatures, .. signatures]);

    /// <summary>The text's bytes: what signatures are of.</summary>
    public byte[] TextBytes() => Utf8.GetBytes(Text);

    /// <summary>The note's bytes.</summary>
    public byte[] ToBytes() => Utf8.GetBytes(ToString());

    /// <summary>The note as it is stored and sent.</summary>
    public override string ToString()
    {
        var note = new StringBuilder(Text).Append('\n');
        foreach (var signature in Signatures)
        {
            var bytes = new byte[4 + signature.Bytes.Length];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, signature.KeyId);
            signature.Bytes.CopyTo(bytes.AsMemory(4));
            note.Append(SignaturePrefix).Append(signature.Name).Append(' ').Append(Convert.ToBase64String(bytes)).Append('\n');
        }

        return note.ToString();
    }

    private static void CheckText(string text)
    {
        if (!text.EndsWith('\n'))
            throw new IntegrityFormatException("A note's text ends with a line feed.");
        if (text.AsSpan().ContainsAnyInRange('\0', '\t') || text.AsSpan().ContainsAnyInRange('\v', '\x1f'))
            throw new IntegrityFormatException("A note's text has no control characters but line feeds.");
    }

    private static NoteSignature ParseSignature(string line)
    {
        var space = line.StartsWith(SignaturePrefix, StringComparison.Ordinal) ? line.IndexOf(' ', SignaturePrefix.Length) : -1;
        if (space < 0)
            throw new IntegrityFormatException("A signature's line is '\u2014 name base64'.");
        var name = line[SignaturePrefix.Length..space];
        KeyName.Check(name);
        var bytes = Base64Text.Decode(line[(space + 1)..], $"The signature of '{name}'");
        if (bytes.Length < 5)
            throw new IntegrityFormatException($"The signature of '{name}' is too short.");
        return new NoteSignature(name, BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.AsMemory(4));
    }
}
