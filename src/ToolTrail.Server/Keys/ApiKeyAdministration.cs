using System.Text.Json;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Server.Access;

namespace ToolTrail.Server.Keys;

/// <summary>Makes, lists and revokes the keys of a home. Each change is durable, and stands in the trail as <c>tooltrail.admin</c>.</summary>
/// <remarks>Safe for use by several threads and processes at once.</remarks>
public sealed class ApiKeyAdministration
{
    private readonly ApiKeyFile _file;
    private readonly ToolCallRecorder _recorder;
    private readonly TimeProvider _timeProvider;

    /// <param name="home">Whose keys.</param>
    /// <param name="recorder">Writes that trail.</param>
    /// <param name="timeProvider">The clock; default: the system's.</param>
    public ApiKeyAdministration(TrailHome home, ToolCallRecorder recorder, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(home);
        ArgumentNullException.ThrowIfNull(recorder);
        _timeProvider = timeProvider ?? TimeProvider.System;
        _file = new ApiKeyFile(home, _timeProvider);
        _recorder = recorder;
    }

    /// <summary>All keys of a home, revoked and expired ones too, oldest first.</summary>
    /// <exception cref="ApiKeyException">The file cannot be read.</exception>
    public static IReadOnlyList<ApiKey> List(TrailHome home)
    {
        ArgumentNullException.ThrowIfNull(home);
        var file = new ApiKeyFile(home, TimeProvider.System);
        return file.Parse(file.ReadBytes());
    }

    /// <summary>Makes a key.</summary>
    /// <param name="request">What it is to be.</param>
    /// <param name="by">Who makes it: goes to the file and the trail.</param>
    /// <param name="cancellationToken">Gives up waiting for other processes.</param>
    /// <returns>Once the key and its record are on disk; running servers know it within 2 s.</returns>
    /// <exception cref="ApiKeyException">The request is wrong, or the file cannot be changed.</exception>
    /// <exception cref="TrailWriteException">It could not be recorded; the key was revoked again.</exception>
    public async Task<CreatedApiKey> AddAsync(ApiKeyRequest request, string by, CancellationToken cancellationToken = default)
    {
        var created = Create(request, by);
        await _file.ChangeAsync(keys => [.. keys, created.Key], cancellationToken);
        await RecordAddedAsync(created.Key, by);
        return created;
    }

    /// <summary>Makes an admin key if the home never had a key.</summary>
    /// <param name="by">Who makes it.</param>
    /// <param name="cancellationToken">Gives up waiting for other processes.</param>
    /// <returns>The key; <c>null</c> when there were keys, or another process was first.</returns>
    /// <inheritdoc cref="AddAsync" path="/exception"/>
    public async Task<CreatedApiKey?> AddFirstAsync(string by, CancellationToken cancellationToken = default)
    {
        var created = Create(new ApiKeyRequest { Role = Role.Admin, Name = "first start" }, by);
        var added = false;
        await _file.ChangeAsync(keys => (added = keys.Count == 0) ? [created.Key] : null, cancellationToken);
        if (!added)
            return null;
        await RecordAddedAsync(created.Key, by);
        return created;
    }

    /// <summary>Revokes a key.</summary>
    /// <param name="idOrName">Its id, or its name if no other valid key has it.</param>
    /// <param name="by">Who revokes it.</param>
    /// <param name="cancellationToken">Gives up waiting for other processes.</param>
    /// <returns>The key, once the change is on disk; running servers refuse it and end its requests within 2 s. Revoking it again changes nothing.</returns>
    /// <exception cref="ApiKeyException">There is no such key, or several, or the file cannot be changed.</exception>
    /// <exception cref="TrailWriteException">It is revoked, but could not be recorded.</exception>
    public async Task<ApiKey> RevokeAsync(string idOrName, string by, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(idOrName);
        ApiKey? revoked = null;
        var changed = false;
        await _file.ChangeAsync(
            keys =>
            {
                var key = Find(keys, idOrName);
                changed = key.Revoked is null;
                revoked = changed ? key with { Revoked = _timeProvider.GetUtcNow() } : key;
                return changed ? [.. keys.Select(k => k.Id == key.Id ? revoked : k)] : null;
            },
            cancellationToken);
        if (changed)
            await RecordAsync("key revoked", revoked!, by);
        return revoked!;
    }

    private CreatedApiKey Create(ApiKeyRequest request, string by)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentException.ThrowIfNullOrEmpty(by);
        var now = _timeProvider.GetUtcNow();
        if (request.Problem(now) is { } problem)
            throw new ApiKeyException(problem);
        var (id, text) = ApiKeyText.Create();
        var key = new ApiKey
        {
            Id = id,
            Name = request.Name,
            Role = request.Role,
            Users = [.. request.Users.Distinct()],
            Hash = Convert.ToHexStringLower(ApiKeyText.Hash(text)),
            Created = now,
            CreatedBy = by,
            Expires = request.Expires,
        };
        return new CreatedApiKey(key, text);
    }

    private static ApiKey Find(IReadOnlyList<ApiKey> keys, string idOrName)
    {
        if (keys.FirstOrDefault(key => key.Id == idOrName) is { } exact)
            return exact;
        var named = keys.Where(key => key.Name == idOrName && key.Revoked is null).ToList();
        return named.Count switch
        {
            1 => named[0],
            0 => throw new ApiKeyException($"There is no key '{idOrName}'. 'tooltrail keys list' shows them."),
            _ => throw new ApiKeyException($"{named.Count} keys have the name '{idOrName}': give the id of one: {string.Join(", ", named.Select(key => key.Id))}."),
        };
    }

    // A key that no record tells of must not open anything.
    private async Task RecordAddedAsync(ApiKey key, string by)
    {
        try
        {
            await RecordAsync("key added", key, by);
        }
        catch (TrailWriteException)
        {
            await _file.ChangeAsync(keys => [.. keys.Where(k => k.Id != key.Id)], CancellationToken.None);
            throw;
        }
    }

    private async Task RecordAsync(string change, ApiKey key, string by)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("by", by);
            json.WriteString("change", change);
            json.WriteString("id", key.Id);
            if (key.Name is not null)
                json.WriteString("name", key.Name);
            json.WriteString("role", key.Role.Name());
            json.WriteStartArray("users");
            foreach (var user in key.Users)
                json.WriteStringValue(user);
            json.WriteEndArray();
            if (key.Expires is { } expires)
                json.WriteString("expires", expires);
            json.WriteEndObject();
        }

        await _recorder.RecordOwnAsync(OwnLines.Administration, ToolCallStatus.Ok, buffer.ToArray(), DeliveryMode.Durable);
    }
}
