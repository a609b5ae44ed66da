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
    // Made when the first digest is taken: setting up the system's cryptography takes as long as all else that a process of one call does.
    private IncrementalHash? _hash;
    private bool _hasArguments;
    private bool _hasResult;

    private IncrementalHash Hash => _hash ??= IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key.Span);

    /// <summary>Begins another record.</summary>
    public void Begin(ReadOnlyMemory<byte> key)
    {
        (_hasArguments, _hasResult) = (false, false);
        if (_key.Equals(key))
            return;
        _hash?.Dispose();
        (_key, _hash) = (key, null);
    }

    /// <summary>Of the record's arguments, 32 bytes.</summary>
    public ReadOnlySpan<byte> OfArguments(ToolCallRecord record)
    {
        if (!_hasArguments)
        {
            Hash.AppendData(record.Arguments.Span);
            Hash.GetHashAndReset(_arguments);
        }

        _hasArguments = true;
        return _arguments;
    }

    /// <summary>Of the record's result, 32 bytes.</summary>
    public ReadOnlySpan<byte> OfResult(ToolCallRecord record)
    {
        if (!_hasResult)
        {
            record.Result.AppendTo(Hash);
            Hash.GetHashAndReset(_result);
        }

        _hasResult = true;
        return _result;
    }
}
