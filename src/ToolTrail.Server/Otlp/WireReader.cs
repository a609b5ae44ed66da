using System.Buffers.Binary;
using Microsoft.AspNetCore.Http;

namespace ToolTrail.Server.Otlp;

/// <summary>Goes through the fields of a message in Protobuf's encoding (<c>https://protobuf.dev/programming-guides/encoding</c>). It makes no objects and copies nothing.</summary>
internal struct WireReader(ReadOnlyMemory<byte> message)
{
    private int _at;
    private WireType _type;

    private enum WireType
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5,
    }

    /// <summary>The field's number.</summary>
    public int Field { get; private set; }

    /// <summary>The value of a field that is a number.</summary>
    public ulong Number { get; private set; }

    /// <summary>The value of a field that is a text, bytes or a message.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>Whether the value is in <see cref="Bytes"/>.</summary>
    public readonly bool IsBytes => _type == WireType.Bytes;

    /// <summary>Moves to the next field.</summary>
    /// <returns>False: there is none.</returns>
    /// <exception cref="OtlpException">It is no message.</exception>
    public bool Read()
    {
        if (_at == message.Length)
            return false;
        var tag = Varint();
        (Field, _type) = ((int)(tag >> 3), (WireType)(tag & 7));
        if (tag is < 8 or > uint.MaxValue)
            throw Malformed();
        (Number, Bytes) = (0, default);
        switch (_type)
        {
            case WireType.Varint:
                Number = Varint();
                break;
            case WireType.Fixed64:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8).Span);
                break;
            case WireType.Bytes:
                Bytes = Take(Varint());
                break;
            case WireType.Fixed32:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span);
                break;
            // Groups, which OTLP never had.
            default:
                throw Malformed();
        }

        return true;
    }

    /// <summary>Whether the field is this one, and a text, bytes or a message.</summary>
    public readonly bool Is(int field) => Field == field && IsBytes;

    private static OtlpException Malformed() => new(StatusCodes.Status400BadRequest, "The body is no OTLP export of traces in Protobuf's encoding.");

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_at == message.Length)
                break;
            var next = message.Span[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw Malformed();
    }

    private ReadOnlyMemory<byte> Take(ulong length)
    {
        if (length > (ulong)(message.Length - _at))
            throw Malformed();
        var taken = message.Slice(_at, (int)length);
        _at += (int)length;
        return taken;
    }
}
