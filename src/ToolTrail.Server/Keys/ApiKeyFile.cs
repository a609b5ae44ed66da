using System.Security.Cryptography;
using System.Text.Json;
using ToolTrail.Home;
using ToolTrail.Storage;

namespace ToolTrail.Server.Keys;

/// <summary>The keys of a home: <c>.tooltrail/keys.json</c>, readable by its owner alone, replaced as a whole and synced.</summary>
/// <remarks>Safe for use by several threads and processes: whoever changes it holds <c>keys.lock</c>.</remarks>
internal sealed class ApiKeyFile
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);
    private readonly string _path;
    private readonly string _lockPath;
    private readonly TimeProvider _timeProvider;

    public ApiKeyFile(TrailHome home, TimeProvider timeProvider)
    {
        _path = Path.Combine(home.SystemPath, "keys.json");
        _lockPath = Path.Combine(home.SystemPath, "keys.lock");
        _timeProvider = timeProvider;
    }

    /// <summary>The file's bytes; <c>null</c> when there is none.</summary>
    public byte[]? ReadBytes()
    {
        try
        {
            return File.ReadAllBytes(_path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ApiKeyException($"The keys in '{_path}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The keys in the file's bytes.</summary>
    /// <exception cref="ApiKeyException">They are not what this build writes.</exception>
    public IReadOnlyList<ApiKey> Parse(byte[]? bytes)
    {
        if (bytes is null)
            return [];
        try
        {
            var keys = JsonSerializer.Deserialize(bytes, ApiKeyFileJson.Default.ApiKeyFileContent)?.Keys ?? throw new JsonException("It holds null.");
            return keys.FirstOrDefault(key => !IsHash(key.Hash)) is { } damaged ? throw new JsonException($"The hash of key '{damaged.Id}' is not 64 hex digits.") : keys;
        }
        catch (JsonException exception)
        {
            throw new ApiKeyException($"The keys in '{_path}' are damaged: {exception.Message} Restore the file, or remove it to begin with no keys.", exception);
        }
    }

    /// <summary>Reads, changes and replaces the keys while no other process does.</summary>
    /// <param name="change">Gets all keys; returns all keys, or <c>null</c> to leave the file as it is.</param>
    /// <param name="cancellationToken">Gives up waiting for the others.</param>
    /// <returns>Once the change is on disk.</returns>
    public async Task ChangeAsync(Func<IReadOnlyList<ApiKey>, IReadOnlyList<ApiKey>?> change, CancellationToken cancellationToken)
    {
        using var held = await LockAsync(cancellationToken);
        if (change(Parse(ReadBytes())) is not { } keys)
            return;
        try
        {
            DurableFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(new ApiKeyFileContent(keys), ApiKeyFileJson.Default.ApiKeyFileContent));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ApiKeyException($"The keys in '{_path}' cannot be written: {exception.Message}", exception);
        }
    }

    private static bool IsHash(string text) => text.Length == 2 * SHA256.HashSizeInBytes && text.All(char.IsAsciiHexDigitLower);

    private async Task<IDisposable> LockAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await LockFile.TakeAsync(_lockPath, LockPatience, _timeProvider, cancellationToken);
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new ApiKeyException($"Another process has been changing the keys for {LockPatience.TotalSeconds:0} s ('{_lockPath}'): {exception.Message}", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new ApiKeyException($"The keys may not be changed by this user: {exception.Message}", exception);
        }
    }
}
