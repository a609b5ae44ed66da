using System.Security.Cryptography;

namespace ToolTrail.Records;

/// <summary>
/// The keyed digests (HMAC-SHA-256) of what a record does not hold whole: each taken once a record, however often its line is written. For one thread
/// at a time.
/// </summary>
internal sealed class RecordDigests
{
    private readonly byte[] _arguments = new byte[SHA256.HashSizeInBytes];
    private readonly byte[] _result = new byte[SHA256.HashSizeInBytes];
    private ReadOnlyMemory<byte> _key;
    private IncrementalHash _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, []);
    private bool _hasArguments;
    private bool _hasResult;

    /// <summary>Begins another record.</summary>
    public void Begin(ReadOnlyMemory<byte> key)
    {
        (_hasArguments, _hasResult) = (false, false);
        if (_key.Equals(key))
            return;
        _hash.Dispose();
        (_key, _hash) = (key, IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Span));
    }

    /// <summary>Of the record's arguments, 32 bytes.</summary>
    public ReadOnlySpan<byte> OfArguments(ToolCallRecord record)
    {
        if (!_hasArguments)
        {
            _hash.AppendData(record.Arguments.Span);
            _hash.GetHashAndReset(_arguments);
        }

        _hasArguments = true;
        return _arguments;
    }

    /// <summary>Of the record's result, 32 bytes.</summary>
    public ReadOnlySpan<byte> OfResult(ToolCallRecord record)
    {
        if (!_hasResult)
        {
            record.Result.AppendTo(_hash);
            _hash.GetHashAndReset(_result);
        }

        _hasResult = true;
        return _result;
    }
}
