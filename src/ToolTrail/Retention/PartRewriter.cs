using System.Buffers;
using ToolTrail.Sealing;
using ToolTrail.Storage;

namespace ToolTrail.Retention;

/// <summary>Puts other bytes in the place of a closed part's file, so that after a crash the one or the other is there, whole.</summary>
internal static class PartRewriter
{
    private const int ChunkBytes = 1024 * 1024;

    /// <summary>What a rewriting that broke off may have left of a part.</summary>
    public static string[] LeftOvers(PartFiles files) => [files.Lines + DurableFile.Unnamed, files.Lines + PartBytes.CompressedExtension + DurableFile.Unnamed];

    /// <summary>Writes a part's lines to a new file, checks them, and gives that the place of the old one. Writers wait for the last step alone.</summary>
    /// <param name="files">The part.</param>
    /// <param name="lines">Its lines from now on.</param>
    /// <param name="compress">Whether the new file is compressed.</param>
    /// <param name="check">Throws when what was written is not what it has to be.</param>
    /// <exception cref="PartAlarmException">Something was appended to the part meanwhile; it is left as it is.</exception>
    public static void Write(PartFiles files, PartBytes lines, bool compress, Action<PartBytes> check)
    {
        var path = compress ? files.Lines + PartBytes.CompressedExtension : files.Lines;
        var other = compress ? files.Lines : files.Lines + PartBytes.CompressedExtension;
        var lastWrite = File.GetLastWriteTimeUtc(File.Exists(files.Lines) ? files.Lines : files.Lines + PartBytes.CompressedExtension);
        var unnamed = path + DurableFile.Unnamed;
        // Both: what broke off before may have been the other, and may hold what is to be erased now.
        foreach (var left in LeftOvers(files))
            File.Delete(left);
        try
        {
            long length;
            using (var file = NativeFile.System.OpenAppend(unnamed))
            {
                if (compress)
                    CompressedBytes.Write(lines, bytes => NativeFile.System.WriteAll(file, bytes));
                else
                    Copy(lines, bytes => NativeFile.System.WriteAll(file, bytes));
                NativeFile.System.Sync(file);
            }

            using (var written = compress ? new CompressedBytes(NativeFile.System.TryOpenRead(unnamed)!, unnamed) : PartBytes.TryOpen(unnamed)!)
            {
                check(written);
                length = written.Length;
            }

            // As old as its records: readers go by it.
            File.SetLastWriteTimeUtc(unnamed, lastWrite);
            // Whoever writes looks for the file, and makes it if it is not there.
            using var writers = new FolderLock(files.Folder);
            writers.Enter();
            if (lines.Length != length)
                throw new PartAlarmException("something was appended to it after it was closed");
            File.Move(unnamed, path, overwrite: true);
            SyncedFolder.Sync(files.Folder);
            if (File.Exists(other))
            {
                File.Delete(other);
                SyncedFolder.Sync(files.Folder);
            }
        }
        finally
        {
            File.Delete(unnamed);
        }
    }

    private static void Copy(PartBytes lines, Action<ReadOnlySpan<byte>> output)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            long offset = 0;
            for (int read; (read = lines.Read(buffer, offset)) > 0; offset += read)
                output(buffer.AsSpan(0, read));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
