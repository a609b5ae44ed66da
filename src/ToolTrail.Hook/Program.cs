// tooltrail-hook HOST [--home PATH] [--user NAME]: what a host's settings name as its hooks' command. Its input comes from the host.
using ToolTrail.Hooks;

const string Usage = "Usage: tooltrail-hook HOST [--home PATH] [--user NAME]";

string? name = null, homeOption = null, user = null;
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--home" && i + 1 < args.Length)
        homeOption = args[++i];
    else if (args[i] == "--user" && i + 1 < args.Length)
        user = args[++i];
    else if (name is null && !args[i].StartsWith('-'))
        name = args[i];
    else
        return Wrong($"'{args[i]}' is not understood.");
}

if (name is null || HookHost.Find(name) is not { } host)
    return Wrong($"HOST is one of {string.Join(", ", HookHost.All.Select(known => known.Name))}.");
return await HookCommand.RunAsync(host, homeOption, user, Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.Error);

static int Wrong(string message)
{
    Console.Error.WriteLine($"tooltrail-hook: {message} {Usage}");
    return HookCommand.Failed;
}
