using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using NSec.Cryptography;

namespace ToolTrail.Integrity;

/// <summary>
/// The public half of a witness's key for cosignatures, version 1 (C2SP tlog-cosignature). A witness cosigns a checkpoint once it has seen that the
/// log begins with every earlier one that it cosigned. Immutable.
/// </summary>
public sealed record WitnessKey
{
    private const int TimeBytes = 8;
    private const int SignatureBytes = 64;
    private static readonly ulong MaxTime = (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private readonly PublicKey _key;

    private WitnessKey(string name, PublicKey key)
    {
        Name = name;
        _key = key;
        Id = KeyText.Id(name, KeyText.Cosignature, Bytes(key));
    }

    /// <summary>Which witness.</summary>
    public string Name { get; }

    /// <summary>Tells keys of the same name apart.</summary>
    public uint Id { get; }

    /// <summary>Reads a key.</summary>
    /// <param name="text"><c>name+id+base64</c>.</param>
    /// <exception cref="IntegrityFormatException">It is none.</exception>
    public static WitnessKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (name, key) = KeyText.ParsePublic(text, KeyText.Cosignature, "cosignature/v1");
        return new WitnessKey(name, key);
    }

    /// <summary>When the witness cosigned a note.</summary>
    /// <returns>The latest time if it did so several times; <c>null</c> if it did not, or if one of its cosignatures is wrong.</returns>
    public DateTimeOffset? CosignedAt(SignedNote note)
    {
        ArgumentNullException.ThrowIfNull(note);
        DateTimeOffset? latest = null;
        foreach (var signature in note.Signatures.Where(IsOurs))
        {
            if (TimeOf(signature.Bytes.Span, note.Text) is not { } time)
                return null;
            latest = latest > time ? latest : time;
        }

        return latest;
    }

    /// <summary>The key as it is given to others: <c>name+id+base64</c>.</summary>
    public override string ToString() => KeyText.Format(Name, Id, KeyText.Cosignature, Bytes(_key));

    /// <summary>Whether a signature says that it is this witness's.</summary>
    internal bool IsOurs(NoteSignature signature) => signature.KeyId == Id && signature.Name == Name;

    private DateTimeOffset? TimeOf(ReadOnlySpan<byte> cosignature, string text)
    {
        if (cosignature.Length != TimeBytes + SignatureBytes)
            return null;
        var seconds = BinaryPrimitives.ReadUInt64BigEndian(cosignature);
        var message = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {seconds}\n{text}"));
        return seconds <= MaxTime && SignatureAlgorithm.Ed25519.Verify(_key, message, cosignature[TimeBytes..])
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;
    }

    private static byte[] Bytes(PublicKey key) => key.Export(KeyBlobFormat.RawPublicKey);
}
