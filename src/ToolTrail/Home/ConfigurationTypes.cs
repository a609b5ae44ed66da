using System.Globalization;
using System.Text.Json;
using ToolTrail.Integrity;
using ToolTrail.Records;

namespace ToolTrail.Home;

/// <summary>The types that configured values have.</summary>
internal static class ConfigurationTypes
{
    /// <summary>Any text, or none.</summary>
    public static ConfigurationType<string?> Text { get; } = TextThat("a string", _ => true);

    /// <summary>Text that is not empty.</summary>
    public static ConfigurationType<string?> Name { get; } = TextThat("a string that is not empty", text => text.Length > 0);

    /// <summary>An installation's name: in checkpoints and key names a space and a plus mean something. C2SP advises one like an address, <c>example.com/trail</c>.</summary>
    public static ConfigurationType<string?> InstallationName { get; } = TextThat(
        "words of letters (a to z, A to Z), digits, '-', '.' and '_', with '/' between them, 64 characters at most",
        text => text.Length <= 64 && text.Split('/').All(word => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_')));

    /// <summary>A time zone that this system knows.</summary>
    public static ConfigurationType<string?> ZoneName { get; } = TextThat(
        "the IANA name of a time zone that this system knows, e.g. \"Europe/Berlin\"", text => TimeZoneInfo.TryFindSystemTimeZoneById(text, out _));

    /// <summary>An address, or none.</summary>
    public static ConfigurationType<string?> Url { get; } = TextThat("an http or https address", IsUrl);

    /// <summary>Addresses to listen on: the host may be <c>*</c> or <c>+</c>.</summary>
    public static ConfigurationType<string?> Urls { get; } = TextThat(
        "http or https addresses separated by ';'",
        text => text.Replace("://*", "://any", StringComparison.Ordinal).Replace("://+", "://any", StringComparison.Ordinal).Split(';').All(IsUrl));

    /// <summary>Where a witness is asked: nobody on the way may change what it says.</summary>
    public static ConfigurationType<string?> WitnessUrl { get; } = TextThat(
        "an https address (http on loopback) without user, query and fragment",
        text => Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            && (url.UserInfo + url.Query + url.Fragment).Length == 0);

    /// <summary>A witness's key.</summary>
    public static ConfigurationType<string?> WitnessKey { get; } = Checked(
        TextThat("a witness's key, name+id+base64", text => text.Contains('+')), key => Integrity.WitnessKey.Parse(key!));

    /// <summary>Yes or no.</summary>
    public static ConfigurationType<bool> Flag { get; } = new(
        "true or false",
        IsText: false,
        (node, path) => node.Kind switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => throw node.Wrong(path, "true or false"),
        },
        (json, value) => json.WriteBooleanValue(value));

    /// <summary>A name for redaction.</summary>
    public static ConfigurationType<string?> RedactionName { get; } = Checked(
        Name, name => new SecretFinder(new RedactionSettings { Names = [name!] }));

    /// <summary>A pattern for redaction.</summary>
    public static ConfigurationType<string?> RedactionPattern { get; } = Checked(
        Name, pattern => new SecretFinder(new RedactionSettings { Patterns = [pattern!] }));

    /// <summary>A whole number.</summary>
    public static ConfigurationType<long> Integer(long least, long most)
    {
        var description = string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}");
        return new(
            description,
            IsText: false,
            (node, path) => node.Kind == JsonTokenType.Number
                && long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                && value >= least && value <= most ? value : throw node.Wrong(path, description),
            (json, value) => json.WriteNumberValue(value));
    }

    /// <summary>A span of time, e.g. <c>"100ms"</c>.</summary>
    public static ConfigurationType<TimeSpan> Duration(TimeSpan least, TimeSpan most)
    {
        var description = $"a duration from {ConfigurationDuration.Format(least)} to {ConfigurationDuration.Format(most)}, e.g. \"100ms\", \"5s\", \"2m\"";
        return new(
            description,
            IsText: true,
            (node, path) => node.Kind == JsonTokenType.String && ConfigurationDuration.TryParse(node.Text, out var value)
                && value >= least && value <= most ? value : throw node.Wrong(path, description),
            (json, value) => json.WriteStringValue(ConfigurationDuration.Format(value)));
    }

    /// <summary>One of an enumeration's names; case does not matter.</summary>
    public static ConfigurationType<T> Choice<T>()
        where T : struct, Enum
    {
        var description = $"one of {string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName))}";
        return new(
            description,
            IsText: true,
            // Names alone: the enumeration's own parser takes numbers and lists too.
            (node, path) => node.Kind == JsonTokenType.String && Enum.GetNames<T>().Contains(node.Text, StringComparer.OrdinalIgnoreCase)
                ? Enum.Parse<T>(node.Text, ignoreCase: true) : throw node.Wrong(path, description),
            (json, value) => json.WriteStringValue(JsonNamingPolicy.CamelCase.ConvertName(value.ToString())));
    }

    /// <summary>A value that may be left out.</summary>
    public static ConfigurationType<T?> Optional<T>(ConfigurationType<T> type)
        where T : struct => new(
            type.Description,
            type.IsText,
            (node, path) => type.Read(node, path),
            (json, value) =>
            {
                if (value is { } given)
                    type.Write(json, given);
                else
                    json.WriteNullValue();
            });

    /// <summary>A file's absolute path.</summary>
    public static ConfigurationType<string?> AbsolutePath { get; } = TextThat("the absolute path of a file", Path.IsPathFullyQualified);

    /// <summary>A list.</summary>
    /// <param name="item">What its elements are.</param>
    /// <param name="description">In words that complete "must be".</param>
    public static ConfigurationType<IReadOnlyList<T>> ListOf<T>(ConfigurationType<T> item, string description) => new(
        description,
        IsText: false,
        (node, path) => node.Kind == JsonTokenType.StartArray
            ? [.. node.Items.Select((element, i) => item.Read(element, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]")))]
            : throw node.Wrong(path, description),
        (json, values) =>
        {
            json.WriteStartArray();
            foreach (var value in values)
                item.Write(json, value);
            json.WriteEndArray();
        });

    private static ConfigurationType<string?> TextThat(string description, Func<string, bool> isRight) => new(
        description,
        IsText: true,
        (node, path) => node.Kind == JsonTokenType.String && isRight(node.Text) ? node.Text : throw node.Wrong(path, description),
        (json, value) => json.WriteStringValue(value));

    private static ConfigurationType<string?> Checked(ConfigurationType<string?> type, Action<string?> check) => type with
    {
        Read = (node, path) =>
        {
            var value = type.Read(node, path);
            try
            {
                check(value);
                return value;
            }
            catch (Exception e) when (e is ArgumentException or IntegrityFormatException)
            {
                // Without .NET's " (Parameter 'x')", which names nothing that the reader knows.
                throw new TrailConfigurationException($"{node.Where}: {path}: {e.Message.Split(" (Parameter '", 2)[0]}", e);
            }
        },
    };

    private static bool IsUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
}
