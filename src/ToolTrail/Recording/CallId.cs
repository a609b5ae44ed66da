using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ToolTrail.Recording;

/// <summary>
/// Makes the ids of calls: UUIDv7 as <see cref="Guid.CreateVersion7(DateTimeOffset)"/>, but with random bytes drawn from the system for many at once: asking
/// the system for each costs more than all the rest of recording.
/// </summary>
internal static class CallId
{
    private const int RandomBytes = 10;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _left;

    /// <summary>Makes an id.</summary>
    /// <param name="time">When the call began; ids sort by its milliseconds.</param>
    public static Guid New(DateTimeOffset time)
    {
        // A thread's first: the system's cryptography, by which the others are drawn, takes longer to set up than a process of one call runs.
        if (_random is null)
        {
            _random = new byte[256 * RandomBytes];
            return Guid.CreateVersion7(time);
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.ToUnixTimeMilliseconds() << 16);
        Draw(bytes[6..]);
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }

    private static void Draw(Span<byte> output)
    {
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(_random);
            _left = _random!.Length;
        }

        _left -= RandomBytes;
        _random.AsSpan(_left, RandomBytes).CopyTo(output);
    }
}
