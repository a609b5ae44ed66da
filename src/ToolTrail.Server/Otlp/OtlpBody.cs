using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace ToolTrail.Server.Otlp;

/// <summary>A request's body in memory, uncompressed; disposing of it makes room for others.</summary>
internal sealed class OtlpBody(OtlpIntake intake) : IDisposable
{
    private const int ChunkBytes = 32 * 1024;
    private readonly MemoryStream _bytes = new();
    private long _taken;

    /// <summary>What was read.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.GetBuffer().AsMemory(0, (int)_bytes.Length);

    /// <summary>Reads it all.</summary>
    /// <exception cref="OtlpException">It is too long, or there is no room at the moment.</exception>
    /// <exception cref="InvalidDataException">It is not compressed by gzip.</exception>
    public async Task ReadAsync(HttpRequest request, bool isCompressed, CancellationToken cancellationToken)
    {
        await using var input = isCompressed ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            // Room is taken as it is filled: an exporter that is slow, or says much and sends little, holds up nobody.
            for (int read; (read = await input.ReadAsync(chunk, cancellationToken)) > 0;)
            {
                if (_bytes.Length + read > OtlpIntake.MostBytes)
                    throw new OtlpException(StatusCodes.Status413PayloadTooLarge, $"A request is at most {OtlpIntake.MostBytes >> 20} MiB, uncompressed: send fewer spans at once.");
                if (!intake.TryTake(read))
                    throw new OtlpException(StatusCodes.Status503ServiceUnavailable, "Too much is being sent at once. Send it again later.");
                _taken += read;
                _bytes.Write(chunk, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <summary>Forgets it.</summary>
    public void Dispose()
    {
        intake.Return(_taken);
        _taken = 0;
        _bytes.Dispose();
    }
}
