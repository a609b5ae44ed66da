using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using ToolTrail.Cli.Integrity;
using ToolTrail.Cli.Output;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Sealing;
using ToolTrail.Server.Access;
using ToolTrail.Server.Keys;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail keys</c>: who may use the HTTP API.</summary>
internal static class KeysCommand
{
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Ended = new(Color.Grey);

    /// <summary>Makes the command.</summary>
    public static Command Create() => new TrailCommand("keys", "Makes, lists and revokes the keys of the HTTP API, and shows and changes the key that signs the trail. Running servers follow within 2 s.")
    {
        Subcommands = { Add(), List(), Revoke(), Verifier(), RotateSigning() },
        Examples =
        [
            new("tooltrail keys add --role user --user alice", "a key for alice's agent: reads her records alone"),
            new("tooltrail keys add --role producer --user '*' --name ci", "a key that appends for everybody and reads nothing"),
            new("tooltrail keys add --role auditor --expires 90d", "a key that reads everything, for 90 days"),
            new("tooltrail keys list", "all keys, without their secrets"),
            new("tooltrail keys revoke ci", "end a key by its name or id"),
            new("tooltrail keys verifier > keys.txt", "what an auditor needs to verify the trail"),
        ],
    };

    private static TrailCommand Add()
    {
        var role = new Option<string>("--role") { Description = $"What the key may do: {RoleNames.All}", HelpName = "ROLE", Required = true };
        var users = new Option<string[]>("--user")
        {
            Description = "A user that the key stands for; may be repeated. For roles user and producer; '*' is all, for a producer",
            HelpName = "USER",
        };
        var name = new Option<string?>("--name") { Description = "What you call the key", HelpName = "NAME" };
        var expires = new Option<string?>("--expires")
        {
            Description = "When the key ends: the last day that it is good for (2026-12-31, UTC), a time (2026-12-31T12:00:00Z), or from now on (90d, 12h, 30m)",
            HelpName = "WHEN",
        };
        var command = new TrailCommand("add", "Makes a key and prints it, alone, on standard output. It is shown this once and kept nowhere.")
        {
            Options = { role, users, name, expires },
            Examples = [new("KEY=$(tooltrail keys add --role user --user alice)", "keep the key in a variable")],
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var request = new ApiKeyRequest
            {
                Role = RoleNames.TryParse(parsed.GetValue(role), out var value) ? value : throw new ApiKeyException($"A role is one of {RoleNames.All}."),
                Users = parsed.GetValue(users) ?? [],
                Name = parsed.GetValue(name),
                Expires = Expiry.Parse(parsed.GetValue(expires), TimeProvider.System),
            };
            var created = await ChangeAsync(parsed, keys => keys.AddAsync(request, CurrentUser(), cancellationToken));
            Console.Out.WriteLine(created.Text);
        });
        return command;
    }

    private static TrailCommand List()
    {
        var command = new TrailCommand("list", "Shows all keys, revoked and expired ones too; never the keys themselves.")
        {
            Examples = [new("tooltrail keys list", "id, role, users, and whether each is still good")],
        };
        command.SetAction(parsed => Show(ApiKeyAdministration.List(parsed.OpenHomeForReading())));
        return command;
    }

    private static TrailCommand Revoke()
    {
        var key = new Argument<string>("KEY") { Description = "The key's id or name" };
        var command = new TrailCommand("revoke", "Ends a key: it opens nothing any more, and what it has open ends within 2 s.")
        {
            Arguments = { key },
            Examples = [new("tooltrail keys revoke 3f9c2a11d0b4", "end a key by its id")],
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var revoked = await ChangeAsync(parsed, keys => keys.RevokeAsync(parsed.GetValue(key)!, CurrentUser(), cancellationToken));
            Console.Out.WriteLine($"Revoked: {Describe(revoked)}.");
        });
        return command;
    }

    private static TrailCommand Verifier()
    {
        var command = new TrailCommand("verifier", "Prints the verifier keys of the trail, one a line: the one that signs now, then those before it.")
        {
            Examples = [new("tooltrail keys verifier > keys.txt", "give this file to whoever is to verify the trail")],
        };
        command.SetAction(parsed =>
        {
            foreach (var key in ExistingLog(parsed).VerifierKeys())
                Console.Out.WriteLine(key);
        });
        return command;
    }

    private static TrailCommand RotateSigning()
    {
        var command = new TrailCommand("rotate-signing", "Makes a new key that signs the trail from now on. The key before signs an event that names it, and counts for nothing later. Prints the new verifier key.")
        {
            Examples = [new("tooltrail keys rotate-signing", "when the key may have been seen by others, or its time is over")],
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var key = ExistingLog(parsed).Rotate(TimeProvider.System.GetUtcNow());
            Console.Out.WriteLine(key);
            var home = parsed.OpenHome();
            using var configuration = TrailConfiguration.Load(home);
            await using var recorder = ToolCallRecorder.Open(home, configuration);
            await recorder.RecordOwnAsync(
                OwnLines.Administration, ToolCallStatus.Ok,
                JsonSerializer.SerializeToUtf8Bytes(new { action = "rotate_signing_key", by = CurrentUser(), key = key.ToString() }),
                DeliveryMode.Durable, cancellationToken);
        });
        return command;
    }

    // Where nobody recorded there is no key to speak of, and a home that was mistyped is not to get one.
    private static SealLog ExistingLog(ParseResult parsed)
    {
        var home = parsed.OpenHomeForReading();
        if (home.Installation.Length == 0)
            throw new TrailHomeException($"No trail was ever written in '{home.Path}', so there is no key that signs one. Is {HomeOption.Origin(parsed)} right?");
        var log = home.OpenSealLog();
        return log.ReadVerifierKey() is not null || Directory.Exists(SealLog.FolderOf(home))
            ? log
            : throw new TrailHomeException($"Nothing of the trail in '{home.Path}' was signed yet, so there is no key: the first process that records makes it.");
    }

    private static async Task<T> ChangeAsync<T>(ParseResult parsed, Func<ApiKeyAdministration, Task<T>> change)
    {
        var home = parsed.OpenHome();
        using var configuration = TrailConfiguration.Load(home);
        await using var recorder = ToolCallRecorder.Open(home, configuration);
        return await change(new ApiKeyAdministration(home, recorder));
    }

    private static void Show(IReadOnlyList<ApiKey> keys)
    {
        if (keys.Count == 0)
        {
            Console.Out.WriteLine("No keys yet. 'tooltrail keys add --role auditor' makes one.");
            return;
        }

        var screen = Screen.Standard();
        var now = TimeProvider.System.GetUtcNow();
        new TextTable(screen, "ID", "NAME", "ROLE", "USERS", "MADE", "BY", "STATE").Write([.. keys.Select(key => Row(key, now))]);
        screen.Flush();
    }

    private static Cell[] Row(ApiKey key, DateTimeOffset now) =>
    [
        key.Id,
        SafeText.Escape(key.Name ?? ""),
        key.Role.Name(),
        SafeText.Escape(string.Join(", ", key.Users)),
        Time(key.Created),
        SafeText.Escape(key.CreatedBy),
        State(key, now),
    ];

    private static Cell State(ApiKey key, DateTimeOffset now) => key switch
    {
        { Revoked: { } revoked } => new Cell($"revoked {Time(revoked)}", Ended),
        { Expires: { } expires } when expires <= now => new Cell($"expired {Time(expires)}", Ended),
        { Expires: { } expires } => new Cell($"good until {Time(expires)}", Good),
        _ => new Cell("good", Good),
    };

    private static string Describe(ApiKey key) => key.Name is null ? key.Id : $"{key.Id} ({key.Name})";

    private static string Time(DateTimeOffset time) => TimeText.Format(time, TimeZoneInfo.Utc);

    private static string CurrentUser() => $"{Environment.UserName} (command line)";
}
