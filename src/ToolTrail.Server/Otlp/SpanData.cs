namespace ToolTrail.Server.Otlp;

/// <summary>What is read of a span, in whichever encoding it came.</summary>
internal sealed class SpanData(SpanAttributes resource)
{
    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>32 lower-case hexadecimal digits; <c>null</c>: it has no valid one.</summary>
    public string? TraceId { get; set; }

    /// <summary>16 lower-case hexadecimal digits; <c>null</c>: it has no valid one.</summary>
    public string? SpanId { get; set; }

    /// <summary>Nanoseconds since 1970; 0: not told.</summary>
    public ulong Start { get; set; }

    /// <summary>Nanoseconds since 1970; 0: not told.</summary>
    public ulong End { get; set; }

    /// <summary>Whether its status is an error.</summary>
    public bool IsError { get; set; }

    /// <summary>What its status says; empty: nothing.</summary>
    public string Message { get; set; } = "";

    /// <summary>Its attributes, and behind them those of its resource.</summary>
    public SpanAttributes Attributes { get; } = new(resource);

    /// <summary>Why it cannot be stored; <c>null</c>: nothing is wrong with it.</summary>
    public string? Problem { get; set; }
}
