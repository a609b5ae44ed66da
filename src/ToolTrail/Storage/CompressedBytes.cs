using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using ZstdSharp;

namespace ToolTrail.Storage;

/// <summary>
/// A compressed part: zstd frames of 1 MiB of lines each, behind them a table of where each begins (the zstd project's "seekable format" 0.1.0), so that any
/// zstd tool reads it from the beginning, and this one from anywhere. Safe for use by several threads, one at a time.
/// </summary>
internal sealed class CompressedBytes : PartBytes
{
    private const int FrameBytes = 1024 * 1024;
    private const uint SkippableFrame = 0x184D2A5E;
    private const uint SeekTable = 0x8F92EAB1;
    private const int FooterBytes = 9;
    private const int EntryBytes = 8;
    private const int Level = 9;

    private readonly Lock _gate = new();
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly bool _skipsDamage;
    private readonly (long Start, int Length)[] _frames;
    private readonly int _lastLength;
    private readonly Decompressor _decompressor = new();
    private byte[] _frame = [];
    private int _frameLength;
    private long _frameNumber = -1;

    /// <param name="file">The file, closed with this.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <param name="skipsDamage">Whether what cannot be decompressed reads as NULs, which are no record, instead of being thrown.</param>
    /// <exception cref="DamagedPartException">It is no such file.</exception>
    public CompressedBytes(SafeFileHandle file, string path, bool skipsDamage = false)
    {
        (_file, _path, _skipsDamage) = (file, path, skipsDamage);
        try
        {
            // Without the table nobody knows where what begins: one damaged byte then stands for all.
            (_frames, Length) = TryReadTable() ?? ([(0, 0)], 1);
            _lastLength = (int)(Length - (Math.Max(0, _frames.Length - 1L) * FrameBytes));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <summary>Writes lines compressed.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="output">Told each piece of the file in order.</param>
    public static void Write(PartBytes lines, Action<ReadOnlySpan<byte>> output)
    {
        using var compressor = new Compressor(Level);
        var frame = new byte[FrameBytes];
        var table = new List<(uint Compressed, uint Plain)>();
        for (long offset = 0; ;)
        {
            var length = Fill(lines, frame, offset);
            if (length == 0)
                break;
            var compressed = compressor.Wrap(frame.AsSpan(0, length));
            output(compressed);
            table.Add(((uint)compressed.Length, (uint)length));
            offset += length;
        }

        output(Table(table));
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer, long offset)
    {
        if (offset >= Length || buffer.IsEmpty)
            return 0;
        lock (_gate)
        {
            Load(offset / FrameBytes);
            var from = (int)(offset % FrameBytes);
            var count = Math.Min(buffer.Length, _frameLength - from);
            _frame.AsSpan(from, count).CopyTo(buffer);
            return count;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
            _decompressor.Dispose();
        }
    }

    private static int Fill(PartBytes lines, Span<byte> frame, long offset)
    {
        var length = 0;
        for (int read; length < frame.Length && (read = lines.Read(frame[length..], offset + length)) > 0;)
            length += read;
        return length;
    }

    private static byte[] Table(List<(uint Compressed, uint Plain)> frames)
    {
        var content = (frames.Count * EntryBytes) + FooterBytes;
        var table = new byte[8 + content];
        BinaryPrimitives.WriteUInt32LittleEndian(table, SkippableFrame);
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(4), (uint)content);
        for (var i = 0; i < frames.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(8 + (i * EntryBytes)), frames[i].Compressed);
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(12 + (i * EntryBytes)), frames[i].Plain);
        }

        // The descriptor in between is zero: no checksums, the signed tree tells.
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(^FooterBytes), (uint)frames.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(^4), SeekTable);
        return table;
    }

    private ((long Start, int Length)[] Frames, long Length)? TryReadTable()
    {
        try
        {
            return ReadTable();
        }
        catch (DamagedPartException) when (_skipsDamage)
        {
            // The caller wants the other parts' lines, and counts what is none.
            return null;
        }
    }

    private ((long Start, int Length)[] Frames, long Length) ReadTable()
    {
        var fileLength = RandomAccess.GetLength(_file);
        var footer = new byte[FooterBytes];
        if (fileLength < FooterBytes || RandomAccess.Read(_file, footer, fileLength - FooterBytes) != FooterBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(footer.AsSpan(5)) != SeekTable || footer[4] != 0)
            throw Damaged("has no seek table at its end");
        var count = (long)BinaryPrimitives.ReadUInt32LittleEndian(footer);
        var start = fileLength - FooterBytes - (count * EntryBytes);
        if (start < 8)
            throw Damaged("has a seek table larger than itself");
        var entries = new byte[count * EntryBytes];
        LineScanner.ReadFully(_file, entries, start);
        var frames = new (long, int)[count];
        var (at, length) = (0L, 0L);
        for (var i = 0; i < count; i++)
        {
            var compressed = BinaryPrimitives.ReadUInt32LittleEndian(entries.AsSpan(i * EntryBytes));
            var plain = BinaryPrimitives.ReadUInt32LittleEndian(entries.AsSpan((i * EntryBytes) + 4));
            if (plain == 0 || plain > FrameBytes || (plain < FrameBytes && i < count - 1) || compressed > 2 * FrameBytes)
                throw Damaged("has frames of another size than these are made with");
            frames[i] = (at, (int)compressed);
            at += compressed;
            length += plain;
        }

        return at == start - 8 ? (frames, length) : throw Damaged("has a seek table that does not fit it");
    }

    private void Load(long number)
    {
        if (number == _frameNumber)
            return;
        if (_frame.Length == 0)
            _frame = new byte[FrameBytes];
        _frameNumber = -1;
        _frameLength = number == _frames.Length - 1 ? _lastLength : FrameBytes;
        try
        {
            Decompress(_frames[number], _frameLength);
        }
        catch (DamagedPartException) when (_skipsDamage)
        {
            // As above.
            _frame.AsSpan(0, _frameLength).Clear();
        }

        _frameNumber = number;
    }

    private void Decompress((long Start, int Length) frame, int length)
    {
        var compressed = new byte[frame.Length];
        LineScanner.ReadFully(_file, compressed, frame.Start);
        try
        {
            if (_decompressor.Unwrap(compressed, _frame) != length)
                throw Damaged("has a frame of another length than its seek table says");
        }
        catch (ZstdException e)
        {
            throw Damaged($"cannot be decompressed: {e.Message}");
        }
    }

    private DamagedPartException Damaged(string how) => new($"The compressed part '{_path}' {how}: it was changed, or the disk is failing.");
}
