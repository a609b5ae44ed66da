namespace ToolTrail.Integrity;

/// <summary>A signature line of a note.</summary>
/// <param name="Name">The signer's name.</param>
/// <param name="KeyId">Four bytes that tell the signer's keys apart.</param>
/// <param name="Bytes">The signature.</param>
public sealed record NoteSignature(string Name, uint KeyId, ReadOnlyMemory<byte> Bytes);
