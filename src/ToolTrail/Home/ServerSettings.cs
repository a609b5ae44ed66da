namespace ToolTrail.Home;

/// <summary>The HTTP server of <c>tooltrail serve</c>.</summary>
public sealed record ServerSettings
{
    /// <summary>Addresses to listen on, separated by <c>;</c>. Default: <c>http://127.0.0.1:5280</c>.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:5280";

    /// <summary>Whether an address beyond loopback may be served without TLS. Default: no.</summary>
    public bool AllowInsecure { get; init; }

    /// <summary>Path of the certificate for https addresses, with its chain, in PEM; <c>null</c>: no https.</summary>
    public string? Certificate { get; init; }

    /// <summary>Path of the certificate's key in PEM; <c>null</c>: it stands in <see cref="Certificate"/>.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>Host names that requests may name beside loopback's and those in <see cref="Urls"/>.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Whether the seal log, which names users and days, may be read without a key: by monitors and witnesses. Default: no.</summary>
    public bool OpenSeals { get; init; }

    /// <summary>Absolute paths of folders that agents may read files of by <c>file_read</c>, beside their user's own of the trail.</summary>
    public IReadOnlyList<string> FileRoots { get; init; } = [];

    /// <summary>JWT bearer tokens; <c>null</c>: not accepted.</summary>
    public JwtSettings? Jwt { get; init; }

    /// <summary>OTLP endpoint for metrics and traces, e.g. <c>http://127.0.0.1:4317</c>; <c>null</c>: not exported.</summary>
    public string? OtlpEndpoint { get; init; }
}
