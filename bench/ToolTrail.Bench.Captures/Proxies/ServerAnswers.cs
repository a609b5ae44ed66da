using System.Diagnostics;
using System.Text;

namespace ToolTrail.Bench.Captures.Proxies;

/// <summary>From a server over stdio: the least that a bridge does, which hands on lines and looks at nothing but whether an answer comes.</summary>
internal sealed class ServerAnswers : IAnswers
{
    private readonly Process _server = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["serve"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    public async ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(string message)
    {
        await _server.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(message + "\n"));
        await _server.StandardInput.BaseStream.FlushAsync();
        return message.Contains("\"id\"", StringComparison.Ordinal) ? Encoding.UTF8.GetBytes((await _server.StandardOutput.ReadLineAsync())!) : null;
    }
}
