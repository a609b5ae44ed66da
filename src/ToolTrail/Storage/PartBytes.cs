using Microsoft.Win32.SafeHandles;

namespace ToolTrail.Storage;

/// <summary>The bytes of a part's lines, for reading at any offset, whether its file is compressed or not. Safe for use by several threads.</summary>
internal abstract class PartBytes : IDisposable
{
    /// <summary>What a compressed part's file name has more than a plain one's.</summary>
    public const string CompressedExtension = ".zst";

    /// <summary>Bytes there are; grows while a plain file does.</summary>
    public abstract long Length { get; }

    /// <summary>Reads some bytes.</summary>
    /// <returns>How many; 0 at the end.</returns>
    public abstract int Read(Span<byte> buffer, long offset);

    /// <summary>Opens a part beside any writer.</summary>
    /// <param name="path">Absolute path of its plain file.</param>
    /// <param name="skipsDamage">Whether what is damaged in a compressed file reads as NULs: for readers, which count it as lines that are no records.</param>
    /// <returns><c>null</c> when there is neither a plain nor a compressed file.</returns>
    /// <exception cref="DamagedPartException">The compressed file is damaged.</exception>
    public static PartBytes? TryOpen(string path, bool skipsDamage = false)
    {
        // The plain one first: while both are there the compressed one may not be whole.
        if (NativeFile.System.TryOpenRead(path) is { } plain)
            return new PlainBytes(plain);
        if (NativeFile.System.TryOpenRead(path + CompressedExtension) is { } compressed)
            return new CompressedBytes(compressed, path + CompressedExtension, skipsDamage);
        // Compressed between the two looks, or gone.
        return NativeFile.System.TryOpenRead(path) is { } late ? new PlainBytes(late) : null;
    }

    /// <summary>The bytes of an open file, which stays its owner's.</summary>
    public static PartBytes Of(SafeFileHandle file) => new PlainBytes(file, isOwner: false);

    /// <inheritdoc/>
    public abstract void Dispose();

    private sealed class PlainBytes : PartBytes
    {
        private readonly SafeFileHandle _file;
        private readonly bool _isOwner;

        public PlainBytes(SafeFileHandle file, bool isOwner = true)
        {
            _file = file;
            _isOwner = isOwner;
        }

        public override long Length => RandomAccess.GetLength(_file);

        public override int Read(Span<byte> buffer, long offset) => RandomAccess.Read(_file, buffer, offset);

        public override void Dispose()
        {
            if (_isOwner)
                _file.Dispose();
        }
    }
}
