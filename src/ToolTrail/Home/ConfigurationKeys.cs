using ToolTrail.Recording;
using static ToolTrail.Home.ConfigurationTypes;

namespace ToolTrail.Home;

/// <summary>Every key that a home's configuration may have.</summary>
public static class ConfigurationKeys
{
    /// <summary>The keys, in the order of the documentation.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
        [.. Home(), .. Delivery(), .. Policy(), .. Levels(), .. Limits(), .. Redaction(), .. Retention(), .. Integrity(), .. Server(), .. Jwt()];

    private static IEnumerable<ConfigurationKey> Home() =>
    [
        ConfigurationKey.Of(
            "home.installation", InstallationName, "Name of the installation, in every seal; the host's and six random digits when not given. Read when the home is made.",
            s => s.Home.Installation, (s, value) => s with { Home = s.Home with { Installation = value } }),
        ConfigurationKey.Of(
            "home.timeZone", ZoneName, "Zone whose calendar days name the day files; UTC when not given. Read when the home is made.",
            s => s.Home.TimeZone, (s, value) => s with { Home = s.Home with { TimeZone = value } }),
    ];

    private static IEnumerable<ConfigurationKey> Delivery() =>
    [
        ConfigurationKey.Of(
            "delivery.mode", Choice<DeliveryMode>(), "What the caller of a tool that no rule names waits for.",
            s => s.Delivery.Mode, (s, value) => s with { Delivery = s.Delivery with { Mode = value } }),
        ConfigurationKey.Of(
            "delivery.onFailure", Choice<FailurePolicy>(), "What happens to a call whose record cannot be written.",
            s => s.Delivery.OnFailure, (s, value) => s with { Delivery = s.Delivery with { OnFailure = value } }),
        ConfigurationKey.Of(
            "delivery.queueFullWait", Duration(TimeSpan.Zero, TimeSpan.FromMinutes(1)),
            "How long background delivery waits for room before it counts a loss.",
            s => s.Delivery.QueueFullWait, (s, value) => s with { Delivery = s.Delivery with { QueueFullWait = value } }),
        ConfigurationKey.Of(
            "delivery.queueBytes", Integer(1L << 20, 1L << 30), "Room in the queue, in bytes of encoded lines, over all users.",
            s => s.Delivery.QueueBytes, (s, value) => s with { Delivery = s.Delivery with { QueueBytes = value } }),
        ConfigurationKey.Of(
            "delivery.rules", ListOf(RuleTypes.Delivery, $"a list of rules {RuleTypes.Delivery.Description}"),
            "Exceptions by tool; the most specific glob wins.",
            s => s.Delivery.Rules, (s, value) => s with { Delivery = s.Delivery with { Rules = value } }),
    ];

    private static IEnumerable<ConfigurationKey> Policy() =>
    [
        ConfigurationKey.Of(
            "policy", ListOf(RuleTypes.Policy, $"a list of rules {RuleTypes.Policy.Description}"),
            "Who may call which tool; the first rule that matches decides.",
            s => s.Policy, (s, value) => s with { Policy = value }),
    ];

    private static IEnumerable<ConfigurationKey> Levels() =>
    [
        ConfigurationKey.Of(
            "levels", ListOf(RuleTypes.Levels, $"a list of rules {RuleTypes.Levels.Description}"),
            "How much is recorded of which tool's calls, all of it when no rule matches; the most specific glob wins.",
            s => s.Levels, (s, value) => s with { Levels = value }),
    ];

    private static IEnumerable<ConfigurationKey> Limits() =>
    [
        ConfigurationKey.Of(
            "limits.stringChars", Integer(1, 10_000), "Longest string that is kept, in code points.",
            s => s.Limits.StringChars, (s, value) => s with { Limits = s.Limits with { StringChars = (int)value } }),
        ConfigurationKey.Of(
            "limits.arrayItems", Integer(1, 10_000), "Elements kept of an array.",
            s => s.Limits.ArrayItems, (s, value) => s with { Limits = s.Limits with { ArrayItems = (int)value } }),
        ConfigurationKey.Of(
            "limits.objectMembers", Integer(1, 10_000), "Members kept of an object.",
            s => s.Limits.ObjectMembers, (s, value) => s with { Limits = s.Limits with { ObjectMembers = (int)value } }),
        ConfigurationKey.Of(
            "limits.depth", Integer(1, 64), "Levels kept of nested values.",
            s => s.Limits.Depth, (s, value) => s with { Limits = s.Limits with { Depth = (int)value } }),
        ConfigurationKey.Of(
            "limits.snippetChars", Integer(0, 10_000), "Code points kept of the result.",
            s => s.Limits.SnippetChars, (s, value) => s with { Limits = s.Limits with { SnippetChars = (int)value } }),
    ];

    private static IEnumerable<ConfigurationKey> Redaction() =>
    [
        ConfigurationKey.Of(
            "redaction.names", ListOf(RedactionName, "a list of names"),
            "More member names whose values are secret; whole words, case does not matter.",
            s => s.Redaction.Names!, (s, value) => s with { Redaction = s.Redaction with { Names = value! } }),
        ConfigurationKey.Of(
            "redaction.patterns", ListOf(RedactionPattern, "a list of regular expressions that run in linear time"), "More shapes of secrets.",
            s => s.Redaction.Patterns!, (s, value) => s with { Redaction = s.Redaction with { Patterns = value! } }),
    ];

    private static IEnumerable<ConfigurationKey> Retention() =>
    [
        ConfigurationKey.Of(
            "retention.days", Optional(Integer(1, 36_500)), "Days that records are kept, and may be old when they are ingested; for ever when not given.",
            s => s.Retention.Days, (s, value) => s with { Retention = s.Retention with { Days = (int?)value } }),
        ConfigurationKey.Of(
            "retention.rules", ListOf(RuleTypes.Retention, $"a list of rules {RuleTypes.Retention.Description}"),
            "Other numbers of days by user; the first rule that matches decides.",
            s => s.Retention.Rules, (s, value) => s with { Retention = s.Retention with { Rules = value } }),
        ConfigurationKey.Of(
            "retention.holds", ListOf(Name, "a list of globs over user names"), "Users of whom nothing is removed or erased: a legal hold.",
            s => s.Retention.Holds!, (s, value) => s with { Retention = s.Retention with { Holds = value! } }),
        ConfigurationKey.Of(
            "retention.compressAfterDays", Optional(Integer(3, 36_500)), "Days after which a closed day is compressed (zstd); never when not given.",
            s => s.Retention.CompressAfterDays, (s, value) => s with { Retention = s.Retention with { CompressAfterDays = (int?)value } }),
    ];

    private static IEnumerable<ConfigurationKey> Integrity() =>
    [
        ConfigurationKey.Of(
            "integrity.seal", Flag, "Whether processes on this home sign and seal what they record.",
            s => s.Integrity.Seal, (s, value) => s with { Integrity = s.Integrity with { Seal = value } }),
        ConfigurationKey.Of(
            "integrity.signingKey", AbsolutePath, "Path of the signing key; in the home when not given.",
            s => s.Integrity.SigningKey, (s, value) => s with { Integrity = s.Integrity with { SigningKey = value } }),
        ConfigurationKey.Of(
            "integrity.witnesses", WitnessTypes.List, "Who cosigns the heads of the seal log.",
            s => s.Integrity.Witnesses, (s, value) => s with { Integrity = s.Integrity with { Witnesses = value } }),
    ];

    private static IEnumerable<ConfigurationKey> Server() =>
    [
        ConfigurationKey.Of(
            "server.urls", Urls, "Addresses that the server listens on.",
            s => s.Server.Urls, (s, value) => s with { Server = s.Server with { Urls = value! } }),
        ConfigurationKey.Of(
            "server.allowInsecure", Flag, "Whether an address beyond loopback may be served without TLS.",
            s => s.Server.AllowInsecure, (s, value) => s with { Server = s.Server with { AllowInsecure = value } }),
        ConfigurationKey.Of(
            "server.certificate", Name, "Path of the certificate for https addresses, with its chain, in PEM.",
            s => s.Server.Certificate, (s, value) => s with { Server = s.Server with { Certificate = value } }),
        ConfigurationKey.Of(
            "server.certificateKey", Name, "Path of the certificate's key in PEM, if it is a file of its own.",
            s => s.Server.CertificateKey, (s, value) => s with { Server = s.Server with { CertificateKey = value } }),
        ConfigurationKey.Of(
            "server.allowedHosts", ListOf(Name, "a list of host names"),
            "Host names that requests may name beside loopback's and those of server.urls.",
            s => s.Server.AllowedHosts!, (s, value) => s with { Server = s.Server with { AllowedHosts = value! } }),
        ConfigurationKey.Of(
            "server.openSeals", Flag, "Whether the seal log, which names users and days, may be read without a key.",
            s => s.Server.OpenSeals, (s, value) => s with { Server = s.Server with { OpenSeals = value } }),
        ConfigurationKey.Of(
            "server.fileRoots", ListOf(AbsolutePath, "a list of absolute paths of folders"),
            "Folders that agents may read files of (file_read), beside their user's own of the trail.",
            s => s.Server.FileRoots!, (s, value) => s with { Server = s.Server with { FileRoots = value! } }),
        ConfigurationKey.Of(
            "server.otlpEndpoint", Url, "Where metrics and traces are sent by OTLP; nowhere when not given.",
            s => s.Server.OtlpEndpoint, (s, value) => s with { Server = s.Server with { OtlpEndpoint = value } }),
    ];

    private static IEnumerable<ConfigurationKey> Jwt() =>
    [
        ConfigurationKey.Of(
            "server.jwt.authority", Url, "The issuer of JWT bearer tokens that are accepted; with server.jwt.audience.",
            s => s.Server.Jwt?.Authority, (s, value) => WithJwt(s, jwt => jwt with { Authority = value! })),
        ConfigurationKey.Of(
            "server.jwt.audience", Name, "The audience that a token must name.",
            s => s.Server.Jwt?.Audience, (s, value) => WithJwt(s, jwt => jwt with { Audience = value! })),
        ConfigurationKey.Of(
            "server.jwt.roleClaim", Name, "The claim that holds the role.",
            s => (s.Server.Jwt ?? NoJwt).RoleClaim, (s, value) => WithJwt(s, jwt => jwt with { RoleClaim = value! })),
        ConfigurationKey.Of(
            "server.jwt.userClaim", Name, "The claim that holds the users that a token stands for.",
            s => (s.Server.Jwt ?? NoJwt).UserClaim, (s, value) => WithJwt(s, jwt => jwt with { UserClaim = value! })),
    ];

    private static JwtSettings NoJwt { get; } = new() { Authority = "", Audience = "" };

    private static TrailSettings WithJwt(TrailSettings settings, Func<JwtSettings, JwtSettings> change) =>
        settings with { Server = settings.Server with { Jwt = change(settings.Server.Jwt ?? NoJwt) } };
}
