namespace ToolTrail.Cli.Tests;

/// <summary>Records of a fixed day, in the form that ingest takes.</summary>
internal static class Calls
{
    /// <summary>Calls of two users with each common status.</summary>
    public static readonly string[] OfOneMorning =
    [
        """{"ts":"2026-11-23T08:00:00.000Z","user":"ann","tool":"read_file","args":{"path":"notes.txt"},"status":"ok","result":"buy milk","id":"019b0000-0000-7000-8000-000000000001","duration_ms":4.21}""",
        """{"ts":"2026-11-23T08:00:05.000Z","user":"bob","tool":"write_file","args":{"path":"a/b.txt","content":"x"},"status":"denied","reason":"rule no-writes","id":"019b0000-0000-7000-8000-000000000002"}""",
        """{"ts":"2026-11-23T08:00:07.500Z","user":"ann","tool":"shell","args":{"command":"make"},"status":"error","error":{"type":"ExitCode","message":"make: *** No rule"},"id":"019b0000-0000-7000-8000-000000000003","duration_ms":1812}""",
        """{"ts":"2026-11-23T08:00:09.000Z","user":"ann","tool":"read_file","args":{"path":"big.log"},"status":"ok","result_chars":120000,"result_snippet":"line 1","id":"019b0000-0000-7000-8000-000000000004","duration_ms":12.6}""",
        """{"ts":"2026-11-23T08:00:10.000Z","user":"bob","tool":"search","args":{"q":"žluťoučký"},"status":"timeout","id":"019b0000-0000-7000-8000-000000000005","duration_ms":30000}""",
    ];

    /// <summary>A call that ended well.</summary>
    public static string Ok(int second, string user = "ann", string tool = "read_file") =>
        $$"""{"ts":"{{new DateTime(2026, 11, 23, 9, 0, 0).AddSeconds(second):yyyy-MM-ddTHH:mm:ss}}.000Z","user":"{{user}}","tool":"{{tool}}","status":"ok","result":"{{second}}"}""";
}
