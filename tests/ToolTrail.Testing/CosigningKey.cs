using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;
using ToolTrail.Integrity;

namespace ToolTrail.Testing;

/// <summary>The secret half of a witness's key (C2SP tlog-cosignature), from the specification and not from what it tests.</summary>
public sealed class CosigningKey : IDisposable
{
    private readonly Key _key = new(SignatureAlgorithm.Ed25519);
    private readonly string _name;
    private readonly uint _id;

    public CosigningKey(string name)
    {
        _name = name;
        byte[] algorithmAndKey = [0x04, .. _key.PublicKey.Export(KeyBlobFormat.RawPublicKey)];
        _id = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(name), 0x0A, .. algorithmAndKey]));
        Text = $"{name}+{_id:x8}+{Convert.ToBase64String(algorithmAndKey)}";
    }

    /// <summary>The public half as it is given to others.</summary>
    public string Text { get; }

    /// <summary>The public half.</summary>
    public WitnessKey Public => WitnessKey.Parse(Text);

    /// <summary>Cosigns a note's text.</summary>
    public NoteSignature Cosign(string text, ulong time)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, time);
        return new NoteSignature(_name, _id, (byte[])[.. bytes, .. SignatureAlgorithm.Ed25519.Sign(_key, Encoding.UTF8.GetBytes($"cosignature/v1\ntime {time}\n{text}"))]);
    }

    /// <summary>The line of a signature.</summary>
    public static string Line(NoteSignature signature)
    {
        var id = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(id, signature.KeyId);
        return $"\u2014 {signature.Name} {Convert.ToBase64String([.. id, .. signature.Bytes.Span])}\n";
    }

    public void Dispose() => _key.Dispose();
}
