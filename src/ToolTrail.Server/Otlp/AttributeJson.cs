using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ToolTrail.Server.Otlp;

/// <summary>A structured attribute on its way to JSON. JSON can be several times longer than what it is made from, and nested deeper than anybody goes.</summary>
internal sealed class AttributeJson : IDisposable
{
    /// <summary>Longest JSON that is made of one.</summary>
    public const int MostBytes = OtlpIntake.MostBytes;

    // As deep as a record may be told to keep values (limits.depth): what is deeper is left out of it in any case.
    private const int MostDepth = 64;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private readonly ArrayBufferWriter<byte> _json = new();

    public AttributeJson() => Writer = new Utf8JsonWriter(_json, Options);

    /// <summary>Where it is written.</summary>
    public Utf8JsonWriter Writer { get; }

    /// <summary>Whether it became too long: there is no use in writing more.</summary>
    public bool IsTooLong => Writer.BytesCommitted + Writer.BytesPending > MostBytes;

    /// <summary>Whether what is within the array or object that was begun last is left out.</summary>
    public bool IsTooDeep => Writer.CurrentDepth > MostDepth;

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Utf8
    {
        get
        {
            Writer.Flush();
            return _json.WrittenMemory;
        }
    }

    /// <summary>Writes a number that JSON may have no way to write.</summary>
    public void Write(double number)
    {
        if (double.IsFinite(number))
            Writer.WriteNumberValue(number);
        else
            Writer.WriteStringValue(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    public void Dispose() => Writer.Dispose();
}
