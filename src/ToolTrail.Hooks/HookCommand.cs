using ToolTrail.Home;
using ToolTrail.Recording;

namespace ToolTrail.Hooks;

/// <summary>What a process does that a host starts for one of its hooks.</summary>
public static class HookCommand
{
    /// <summary>Exit code: done. Hosts read a hook's answer only then, so a refusal always ends so.</summary>
    public const int Done = 0;

    /// <summary>Exit code of something that the host tells its user and that keeps nothing from running.</summary>
    public const int Failed = 1;

    /// <summary>Takes the hook's input and gives the answer.</summary>
    /// <param name="host">The host.</param>
    /// <param name="homeOption">The home that the command line names; <c>null</c>: it names none.</param>
    /// <param name="user">On whose behalf the agent works; <c>null</c>: the operating system's user.</param>
    /// <param name="input">The hook's standard input, read to its end.</param>
    /// <param name="output">Its standard output, which the host reads.</param>
    /// <param name="errors">Told, in one line, what went wrong.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(HookHost host, string? homeOption, string? user, Stream input, Stream output, TextWriter errors)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(errors);
        using var told = new MemoryStream();
        TrailSettings? settings = null;
        byte[]? answer = null;
        try
        {
            await input.CopyToAsync(told).ConfigureAwait(false);
            var home = TrailHome.Open(TrailHome.Locate(homeOption));
            using var configuration = TrailConfiguration.Load(home);
            settings = configuration.Current;
            var recorder = ToolCallRecorder.Open(home, configuration, lifetime: RecorderLifetime.Brief);
            await using (recorder.ConfigureAwait(false))
            {
                var capture = new HookCapture(home, configuration, recorder) { ReadsTranscripts = true };
                answer = await capture.TakeAsync(host, told.ToArray(), user ?? Environment.UserName).ConfigureAwait(false);
                // First of all: a refusal holds whatever becomes of its record.
                await AnswerAsync(output, answer).ConfigureAwait(false);
                await recorder.FlushAsync().ConfigureAwait(false);
            }

            // Delivery that goes on where writing fails has only counted it.
            return recorder.Health is { Lost: > 0 } health ? await EndAsync(errors, health.Cause, answer).ConfigureAwait(false) : Done;
        }
        catch (Exception e)
        {
            // Of whatever kind: an error that escapes here would let the tool run, denied or not.
            if (answer is null)
            {
                // What could only not be written has been asked about.
                answer = e is TrailWriteException && settings is not null
                    ? host.RefuseUnrecorded(told.ToArray(), settings, e.Message)
                    : host.RefuseUnasked(told.ToArray(), settings, e.Message);
                await AnswerAsync(output, answer).ConfigureAwait(false);
            }

            return await EndAsync(errors, e.Message, answer).ConfigureAwait(false);
        }
    }

    private static async Task<int> EndAsync(TextWriter errors, string? problem, byte[]? answer)
    {
        await errors.WriteLineAsync($"tooltrail: the call could not be recorded: {problem}").ConfigureAwait(false);
        return answer is { Length: > 0 } ? Done : Failed;
    }

    private static async Task AnswerAsync(Stream output, byte[] answer)
    {
        // Writing to a console, if only nothing, sets up signals and a thread for them.
        if (answer.Length == 0)
            return;
        await output.WriteAsync(answer).ConfigureAwait(false);
        await output.FlushAsync().ConfigureAwait(false);
    }
}
