using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Hooks;

/// <summary>What a process does that a host starts for one of its hooks.</summary>
public static class HookCommand
{
    /// <summary>Exit code: done.</summary>
    public const int Done = 0;

    /// <summary>Exit code of something that the host tells its user and that keeps nothing from running.</summary>
    public const int Failed = 1;

    /// <summary>Takes the hook's input and gives the answer.</summary>
    /// <param name="host">The host.</param>
    /// <param name="homePath">Absolute path of the home.</param>
    /// <param name="user">On whose behalf the agent works; <c>null</c>: the operating system's user.</param>
    /// <param name="input">The hook's standard input, read to its end.</param>
    /// <param name="output">Its standard output, which the host reads.</param>
    /// <param name="errors">Told, in one line, what went wrong.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(HookHost host, string homePath, string? user, Stream input, Stream output, TextWriter errors)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(errors);
        try
        {
            using var told = new MemoryStream();
            await input.CopyToAsync(told).ConfigureAwait(false);
            var home = TrailHome.Open(homePath);
            using var configuration = TrailConfiguration.Load(home);
            var recorder = ToolCallRecorder.Open(home, configuration, lifetime: RecorderLifetime.Brief);
            byte[] answer;
            await using (recorder.ConfigureAwait(false))
            {
                var capture = new HookCapture(home, configuration, recorder) { ReadsTranscripts = true };
                answer = await capture.TakeAsync(host, told.ToArray(), user ?? Environment.UserName).ConfigureAwait(false);
                await recorder.FlushAsync().ConfigureAwait(false);
            }

            await output.WriteAsync(answer).ConfigureAwait(false);
            return Done;
        }
        catch (Exception e) when (e is HookInputException or TrailHomeException or TrailConfigurationException or TrailWriteException or RecordRefusedException or IOException)
        {
            // The tool runs all the same: a host's user is told, and finds the gap in the trail.
            await errors.WriteLineAsync($"tooltrail: the call could not be recorded: {e.Message}").ConfigureAwait(false);
            return Failed;
        }
    }
}
