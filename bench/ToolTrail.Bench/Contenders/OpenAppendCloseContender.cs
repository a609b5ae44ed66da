using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ToolTrail.Bench.Contenders;

/// <summary>What a program does that wants no library: the user's file is opened, the line appended, the file closed, for each record.</summary>
internal sealed class OpenAppendCloseContender(string folder) : IContender
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ConcurrentDictionary<string, UserFile> _files = new();

    public void Record(SampleCall call)
    {
        var file = _files.GetOrAdd(call.User, user => new UserFile(Path.Combine(folder, user + ".jsonl")));
        lock (file)
            file.Append(call);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var file in _files.Values)
            file.Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed class UserFile(string path) : IDisposable
    {
        private readonly ArrayBufferWriter<byte> _line = new();
        private readonly Utf8JsonWriter _json = new(Stream.Null, Relaxed);

        public void Append(SampleCall call)
        {
            _line.ResetWrittenCount();
            _json.Reset(_line);
            _json.WriteStartObject();
            _json.WriteString("ts"u8, TimeProvider.System.GetUtcNow());
            _json.WriteString("user"u8, call.User);
            _json.WriteString("tool"u8, call.Tool);
            _json.WritePropertyName("args"u8);
            _json.WriteRawValue(call.Arguments, skipInputValidation: true);
            _json.WriteString("status"u8, "ok"u8);
            _json.WriteNumber("result_chars"u8, call.Result.Length);
            _json.WriteString("result"u8, call.Result);
            _json.WriteString("id"u8, call.Id);
            _json.WriteString("call_id"u8, call.CallId);
            _json.WriteString("session"u8, call.Session);
            _json.WriteString("agent"u8, SampleCalls.Agent);
            _json.WriteString("source"u8, SampleCalls.Source);
            _json.WriteString("server"u8, SampleCalls.Server);
            _json.WriteNumber("duration_ms"u8, call.DurationMs);
            _json.WriteEndObject();
            _json.Flush();
            _line.Write("\n"u8);
            File.AppendAllBytes(path, _line.WrittenSpan);
        }

        public void Dispose() => _json.Dispose();
    }
}
