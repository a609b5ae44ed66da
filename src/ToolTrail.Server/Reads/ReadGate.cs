using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ToolTrail.Reading;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Server.Access;
using ToolTrail.Server.Errors;

namespace ToolTrail.Server.Reads;

/// <summary>
/// What every reading of records goes through: it decides whose records the caller may read, and writes who read what to the trail before anything
/// is read.
/// </summary>
internal sealed class ReadGate
{
    private readonly ToolCallRecorder _recorder;
    private readonly ILogger<ReadGate> _logger;

    public ReadGate(ToolCallRecorder recorder, ILogger<ReadGate> logger)
    {
        _recorder = recorder;
        _logger = logger;
    }

    /// <summary>Asks for the records of a user.</summary>
    /// <param name="context">The request.</param>
    /// <param name="user">Whose; <c>null</c>: all that the caller may read.</param>
    /// <returns>Whose records may be read, or why none.</returns>
    /// <exception cref="TrailWriteException">The reading could not be recorded, and the configuration says that it must be.</exception>
    public Task<ReadScope> EnterAsync(HttpContext context, string? user) => EnterAsync(context, user, ofAll: true);

    /// <summary>Asks for the records of one user: who may read all must name it.</summary>
    /// <inheritdoc cref="EnterAsync(HttpContext, string?)"/>
    public Task<ReadScope> EnterOneUserAsync(HttpContext context, string? user) => EnterAsync(context, user, ofAll: false);

    private async Task<ReadScope> EnterAsync(HttpContext context, string? user, bool ofAll)
    {
        var caller = Caller.Of(context) ?? throw new InvalidOperationException("The endpoint lets callers in whom nobody knows.");
        var scope = Decide(context, caller, user);
        if (scope is { Refusal: null, User: null } && !ofAll)
            return ReadScope.Refused(Problems.BadRequest("Name a user: 'user' is missing."));
        if (scope.Refusal is null)
            await RecordAsync(context, caller, scope);
        return scope;
    }

    private ReadScope Decide(HttpContext context, Caller caller, string? user)
    {
        if (caller.Role is Role.Admin or Role.Auditor)
            return new ReadScope(user, RecordFilter.All, null);
        if (user is null && caller.Users.Count > 1)
            return ReadScope.Refused(Problems.BadRequest("This key stands for several users: name one of them as 'user'."));
        if ((user ?? caller.Users.SingleOrDefault()) is { } own && caller.Users.Contains(own))
            return new ReadScope(own, new RecordFilter { User = own }, null);

        _logger.LogReadRefused(context.Request.Path.ToUriComponent(), caller.Label, JsonSerializer.Serialize(user));
        return ReadScope.Refused(Problems.Forbidden("This key may not read the records of that user."));
    }

    private async Task RecordAsync(HttpContext context, Caller caller, ReadScope scope)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("by", caller.Label);
            json.WriteString("user", scope.User ?? "*");
            json.WriteString("query", context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent());
            json.WriteEndObject();
        }

        await _recorder.RecordOwnAsync(OwnLines.Read, ToolCallStatus.Ok, buffer.ToArray(), cancellationToken: context.RequestAborted);
    }
}
