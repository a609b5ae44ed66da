using System.Text;
using ToolTrail.Integrity;
using ToolTrail.Sealing;

namespace ToolTrail.Fuzz.Targets;

/// <summary>An input as everything that a verifier reads: what is read is written again as it was, and what is not is refused as such.</summary>
internal sealed class NotesTarget : IFuzzTarget
{
    private const string Installation = "home-1";

    // A key and a witness of no installation, so that signatures are checked.
    private readonly SigningKey _key = SigningKey.Create(Installation);
    private readonly ScratchFolder _folder = new();
    private readonly SealedTrail _trail = new();

    public void Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        Refusable(() => CheckNote(SignedNote.Parse(input), input));
        Refusable(() => CheckProof(TlogProof.Parse(text), text));
        Refusable(() => CheckSame(VerifierKey.Parse(text).ToString(), text));
        Refusable(() => CheckSame(WitnessKey.Parse(text).ToString(), text));
        Refusable(() => CheckSame(Checkpoint.Parse(text).ToString(), text));
        Refusable(() => CheckEvent(SealEvent.Parse(Installation, text)));
        Refusable(() => CheckSame(Base64Text.DecodeHash(text, "A hash").ToString(), text));
        foreach (var width in new[] { 1, 2, 3, TilePath.FullWidth })
            Refusable(() => BrokenPropertyException.Unless(EntryBundle.Encode(EntryBundle.Decode(input, width)).AsSpan().SequenceEqual(input), "A bundle is written otherwise."));
        CheckTile(text);
        CheckTreeState(input);
        _trail.Run(input);
    }

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
        _trail.Dispose();
    }

    private static void Refusable(Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is IntegrityFormatException or ProofRejectedException)
        {
            // The answers to what is none, or does not hold.
        }
    }

    private void CheckNote(SignedNote note, byte[] input)
    {
        BrokenPropertyException.Unless(note.ToBytes().AsSpan().SequenceEqual(input), "A note is written otherwise.");
        BrokenPropertyException.Unless(!_key.Verifier.Signed(note), "A note is signed by a key that is new.");
        Refusable(() => CheckSame(Checkpoint.Parse(note.Text).ToString(), note.Text));
        CheckEvent(SealEvent.Parse(Installation, note.Text));
    }

    private void CheckProof(TlogProof proof, string text)
    {
        CheckSame(proof.ToString(), text);
        proof.Verify("line"u8, null, _key.Verifier);
    }

    // An event has many spellings, and one that it is written in.
    private static void CheckEvent(SealEvent? happened)
    {
        if (happened is null)
            return;
        var written = happened.ToText(Installation);
        CheckSame(SealEvent.Parse(Installation, written)!.ToText(Installation), written);
    }

    private static void CheckTile(string text)
    {
        if (TilePath.TryParse(text, out var tile))
            CheckSame(tile.Level is { } level ? TilePath.Hashes(level, tile.Index, tile.Width) : TilePath.Entries(tile.Index, tile.Width), text);
    }

    private void CheckTreeState(byte[] input)
    {
        var path = _folder.At("state");
        File.WriteAllBytes(path, input);
        if (TreeState.Read(path) is not { } state)
            return;
        state.Tree.Root();
        File.WriteAllText(path, state.ToString());
        CheckSame(TreeState.Read(path)?.ToString() ?? "nothing", state.ToString());
    }

    private static void CheckSame(string written, string read) => BrokenPropertyException.Unless(written == read, $"Read:\n{read}\nWritten:\n{written}");
}
