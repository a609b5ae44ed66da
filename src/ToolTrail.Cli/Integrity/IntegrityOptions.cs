using System.CommandLine;
using System.Globalization;
using System.Text;
using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Sealing;

namespace ToolTrail.Cli.Integrity;

/// <summary>What the commands that verify and prove take from the command line.</summary>
internal static class IntegrityOptions
{
    /// <summary>A day's date.</summary>
    public static Option<DateOnly?> Day(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "YYYY-MM-DD",
        CustomParser = result =>
        {
            if (DateOnly.TryParseExact(result.Tokens[^1].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return day;
            result.AddError($"'{result.Tokens[^1].Value}' is no date like 2026-11-23.");
            return null;
        },
    };

    /// <summary>A file of verifier keys.</summary>
    public static Option<string?> Key() => new("--key")
    {
        Description = "A file with the installation's verifier keys, one a line, the one that signs now first, as 'tooltrail keys verifier' prints them; - is standard input",
        HelpName = "FILE",
    };

    /// <summary>The seal log of a home, with the key where the configuration says it is.</summary>
    public static SealLog OpenSealLog(this TrailHome home)
    {
        using var configuration = TrailConfiguration.Load(home);
        return new SealLog(home, configuration.Current.Integrity.SigningKey);
    }

    /// <summary>The keys of the witnesses that the configuration names.</summary>
    public static IReadOnlyList<WitnessKey> Witnesses(this TrailHome home)
    {
        using var configuration = TrailConfiguration.Load(home);
        return [.. configuration.Current.Integrity.Witnesses.Select(witness => witness.Key)];
    }

    /// <summary>The key of this installation, where it signs.</summary>
    public static IReadOnlyList<VerifierKey> OwnKeys(this TrailHome home)
    {
        if (home.Installation.Length == 0)
            return [];
        if (home.OpenSealLog().ReadVerifierKey() is { } key)
            return [key];
        // A recorder that was killed within its first second has neither.
        return !Directory.Exists(SealLog.FolderOf(home))
            ? []
            : throw new TrailConfigurationException($"The signing key of '{home.Path}' is not here, so there is nothing to verify the trail by. Give the verifier key by --key, or say where the key is by integrity.signingKey.");
    }

    /// <summary>Reads verifier keys.</summary>
    public static async Task<IReadOnlyList<VerifierKey>> ReadKeysAsync(string path, CancellationToken cancellationToken)
    {
        var lines = (await ReadTextAsync(path, cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length == 0)
            throw new IntegrityFormatException($"'{path}' holds no verifier key.");
        try
        {
            return [.. lines.Select(VerifierKey.Parse)];
        }
        catch (IntegrityFormatException e)
        {
            throw new IntegrityFormatException($"'{path}' is no file of verifier keys, as 'tooltrail keys verifier' prints them: {e.Message}");
        }
    }

    /// <summary>Reads a file, or standard input for -.</summary>
    public static async Task<string> ReadTextAsync(string path, CancellationToken cancellationToken) => Encoding.UTF8.GetString(await ReadBytesAsync(path, cancellationToken));

    /// <summary>Reads a file, or standard input for -.</summary>
    public static async Task<byte[]> ReadBytesAsync(string path, CancellationToken cancellationToken)
    {
        if (path != "-")
            return await File.ReadAllBytesAsync(path, cancellationToken);
        using var bytes = new MemoryStream();
        await Console.OpenStandardInput().CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }
}
