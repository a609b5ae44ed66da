using System.Text;
using ToolTrail.Integrity;
using ToolTrail.Storage;

namespace ToolTrail.Sealing;

/// <summary>
/// The installation's signing key in its file, 0600: made at first use (two first starts agree on one), read again when another process rotated it. Safe
/// for use by several threads.
/// </summary>
internal sealed class SigningKeyFile
{
    private readonly Lock _gate = new();
    private readonly string _name;
    private SigningKey? _key;
    private FileIdentity? _identity;

    /// <param name="path">Absolute path, in a folder that is there.</param>
    /// <param name="name">The installation.</param>
    public SigningKeyFile(string path, string name)
    {
        Path = path;
        _name = name;
    }

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>Whether it is there.</summary>
    public bool Exists => File.Exists(Path);

    /// <summary>The key that signs now.</summary>
    /// <exception cref="SealingException">The file is no key of this installation.</exception>
    public SigningKey ReadOrCreate()
    {
        lock (_gate)
        {
            var identity = NativeFile.System.Identity(Path);
            if (_key is null || identity != _identity)
            {
                _key = Parse(Path, DurableFile.ReadOrCreate(Path, () => Bytes(SigningKey.Create(_name))));
                _identity = NativeFile.System.Identity(Path);
            }

            return _key;
        }
    }

    /// <summary>Where the next key waits while a rotation is under way.</summary>
    private string NextPath => Path + ".next";

    /// <summary>Makes the key that will sign next, beside the one that signs.</summary>
    public SigningKey CreateNext()
    {
        var next = SigningKey.Create(_name);
        DurableFile.Write(NextPath, Bytes(next));
        return next;
    }

    /// <summary>The key of a rotation that was begun; <c>null</c>: none was.</summary>
    public SigningKey? ReadNext()
    {
        try
        {
            return File.Exists(NextPath) ? Parse(NextPath, File.ReadAllBytes(NextPath)) : null;
        }
        catch (FileNotFoundException)
        {
            // It took the other's place between the two looks.
            return null;
        }
    }

    /// <summary>Puts the next key in the place of the one that signs. For whoever holds the log's lock.</summary>
    public void TakeNext()
    {
        File.Move(NextPath, Path, overwrite: true);
        SyncedFolder.Sync(System.IO.Path.GetDirectoryName(Path)!);
    }

    private static byte[] Bytes(SigningKey key) => Encoding.UTF8.GetBytes(key.Export() + "\n");

    private SigningKey Parse(string path, byte[] content)
    {
        try
        {
            var key = SigningKey.Parse(Encoding.UTF8.GetString(content).TrimEnd('\n'));
            return key.Verifier.Name == _name
                ? key
                : throw new SealingException($"'{path}' is the signing key of '{key.Verifier.Name}', and this installation is '{_name}'. Name its own key by integrity.signingKey.");
        }
        catch (IntegrityFormatException e)
        {
            throw new SealingException($"'{path}' is no signing key: {e.Message} Restore it from a backup.", e);
        }
    }
}
