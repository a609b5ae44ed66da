using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ToolTrail.Bench;

/// <summary>Makes the calls that are recorded. The same calls each time: a fixed seed.</summary>
internal static class SampleCalls
{
    public const string Agent = "release-helper";
    public const string Source = "mcp-proxy";
    public const string Server = "filesystem";

    /// <summary>Different calls, used in turn; a multiple of the users.</summary>
    private const int Different = 1000;

    private const int Users = 10;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Tools = ["read_file", "list_directory", "search_files", "run_command", "edit_file"];
    private static readonly string[] Words =
    [
        "the", "build", "error", "line", "file", "in", "of", "test", "src", "package", "value", "returned", "index", "module", "request", "and",
        "object", "is", "not", "found", "warning", "while", "opening", "version", "path", "update", "cache", "server", "answer", "to", "für", "key", "größer",
    ];

    /// <summary>The calls.</summary>
    /// <param name="kind">What they look like.</param>
    public static SampleCall[] Make(SampleKind kind)
    {
        var random = new Random(20261123);
        return [.. Enumerable.Range(0, Different).Select(i => kind == SampleKind.Short ? Short(random, i) : AgentCall(random, i))];
    }

    private static SampleCall Short(Random random, int number)
    {
        var arguments = new JsonObject
        {
            ["path"] = $"/srv/projects/module-{number % 40}/src/handlers/{Words[number % 20]}.ts",
            ["pattern"] = Text(random, 50),
            ["limit"] = number % 200,
        };
        return Call(random, number, arguments, Text(random, 150));
    }

    private static SampleCall AgentCall(Random random, int number)
    {
        var edits = new JsonArray();
        for (var i = 0; i < 3; i++)
        {
            edits.Add(new JsonObject
            {
                ["old_text"] = Text(random, 120),
                ["new_text"] = Text(random, 160),
                ["range"] = new JsonObject { ["from"] = i * 40, ["to"] = (i * 40) + 12 },
            });
        }

        var arguments = new JsonObject
        {
            ["path"] = $"/srv/projects/module-{number % 40}/src/handlers/{Words[number % 20]}.ts",
            ["edits"] = edits,
            ["content"] = Text(random, 900),
            ["options"] = new JsonObject { ["dry_run"] = false, ["encoding"] = "utf-8", ["tags"] = new JsonArray("a", "b", 3) },
        };
        return Call(random, number, arguments, Text(random, 4096));
    }

    private static SampleCall Call(Random random, int number, JsonObject arguments, string result)
    {
        var text = arguments.ToJsonString(Relaxed);
        return new SampleCall
        {
            User = $"user-{number % Users:00}",
            Tool = Tools[number % Tools.Length],
            Arguments = Encoding.UTF8.GetBytes(text),
            ArgumentsText = text,
            Result = result,
            Id = Guid.CreateVersion7().ToString(),
            CallId = "toolu_" + random.NextInt64().ToString("x16", CultureInfo.InvariantCulture),
            Session = $"session-{number % 37:000}",
            DurationMs = Math.Round(random.NextDouble() * 250, 3),
        };
    }

    // Words, with an escaped character in each 20: with the names and the other fields, which need none, 2 % of the whole line.
    private static string Text(Random random, int length)
    {
        var text = new StringBuilder();
        while (text.Length < length)
            text.Append(Words[random.Next(Words.Length)]).Append(' ');
        text.Length = length;
        for (var i = random.Next(20); i < length; i += 20)
            text[i] = "\n\"\t\\"[random.Next(4)];
        return text.ToString();
    }
}
