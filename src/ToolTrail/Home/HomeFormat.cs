using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace ToolTrail.Home;

/// <summary>What <c>.tooltrail/format</c> says: written once, when a home is made.</summary>
/// <param name="Installation">The installation's name.</param>
/// <param name="TimeZone">The zone whose calendar days name the day files.</param>
/// <param name="IgnoresCase">Whether the file system takes <c>Ann</c> and <c>ann</c> for one name.</param>
internal sealed record HomeFormat(string Installation, TimeZoneInfo TimeZone, bool IgnoresCase)
{
    private const int Version = 1;

    /// <summary>Of a home that nobody has made yet.</summary>
    public static HomeFormat None { get; } = new("", TimeZoneInfo.Utc, false);

    /// <summary>A new installation's name: the host's, and six random hex digits.</summary>
    public static string NewInstallation()
    {
        // It stands in checkpoints and key names, where a space, a plus and a slash mean something.
        var host = string.Concat(Environment.MachineName.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.').Take(63));
        return $"{(host.Length == 0 ? "host" : host)}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
    }

    /// <summary>The file's content.</summary>
    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteNumber("format", Version);
            json.WriteString("installation", Installation);
            json.WriteString("timeZone", TimeZone.Id);
            json.WriteBoolean("ignoresCase", IgnoresCase);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads the file's content.</summary>
    /// <param name="path">Its path, for messages.</param>
    /// <param name="content">What it holds.</param>
    /// <exception cref="TrailHomeException">It is damaged, of a newer format, or names a zone that this system does not know.</exception>
    public static HomeFormat Parse(string path, ReadOnlyMemory<byte> content)
    {
        try
        {
            using var json = JsonDocument.Parse(content);
            var version = json.RootElement.GetProperty("format").GetInt32();
            if (version != Version)
            {
                throw new TrailHomeException(
                    $"'{path}' says format {version}, and this build of ToolTrail knows format {Version} alone: nothing was read or written. "
                    + "Use a newer build.");
            }

            var zone = json.RootElement.GetProperty("timeZone").GetString()!;
            return new HomeFormat(
                json.RootElement.GetProperty("installation").GetString()!, FindZone(path, zone), json.RootElement.GetProperty("ignoresCase").GetBoolean());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new TrailHomeException($"'{path}' is damaged: {e.Message} Restore it from a backup; the day files do not depend on it.", e);
        }
    }

    private static TimeZoneInfo FindZone(string path, string zone)
    {
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(zone);
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            throw new TrailHomeException(
                $"'{path}' names the time zone '{zone}', which this system does not know. Install its time zone data (tzdata).", e);
        }
    }
}
