using System.Diagnostics;
using Microsoft.Extensions.AI;
using ToolTrail.Extensions.AI;
using ToolTrail.Home;
using ToolTrail.Recording;

namespace ToolTrail.Bench.Captures.Functions;

/// <summary>
/// What recording adds to a function that does nothing, called by a program and by a model that takes no time. The recorder is as it is by default. With and
/// without take turns, call by call at a steady rate, and batch by batch one call after the other.
/// </summary>
internal static class FunctionsMeasure
{
    public const string Function = "function";
    public const string Client = "client";

    private const int PerSecond = 10_000;
    private const int WarmUpSeconds = 2;
    private const int Batch = 2_000;
    private const int BatchesPerSecond = 5;

    public static async Task<Figures> RunAsync(int seconds)
    {
        using var folder = new WorkFolder();
        await using var recorder = ToolCallRecorder.Open(TrailHome.Open(folder.Path), TrailConfiguration.Fixed(new TrailSettings()));
        var function = AIFunctionFactory.Create((string path) => { }, "read_note");
        var arguments = new Dictionary<string, object?> { ["path"] = "/notes/today.md" };
        var recorded = function.WithToolTrail(recorder);
        var model = new CallingModel(function.Name, arguments);
        using var bareClient = model.AsBuilder().UseFunctionInvocation().Build();
        using var recordedClient = model.AsBuilder().UseToolTrail(recorder).Build();
        var options = new ChatOptions { Tools = [function] };
        ChatMessage[] question = [new(ChatRole.User, "What is there to do today?")];

        var figures = new Figures();
        await MeasureAsync(figures, Function, seconds, () => Done(function.InvokeAsync(new AIFunctionArguments(arguments))), () => Done(recorded.InvokeAsync(new AIFunctionArguments(arguments))));
        await MeasureAsync(figures, Client, seconds, () => bareClient.GetResponseAsync(question, options), () => recordedClient.GetResponseAsync(question, options));
        // Each of the two makes the same calls: half of all is recorded, and nothing is left out.
        await recorder.FlushAsync();
        var calls = 2 * (((WarmUpSeconds + seconds) * PerSecond / 2) + (seconds * BatchesPerSecond * Batch));
        return recorder.Health.Recorded == calls ? figures : throw new InvalidOperationException($"{recorder.Health.Recorded} of {calls} calls were recorded.");
    }

    private static Task Done(ValueTask<object?> call) => call.IsCompletedSuccessfully ? Task.CompletedTask : call.AsTask();

    private static async Task MeasureAsync(Figures figures, string name, int seconds, Func<Task> bare, Func<Task> recorded)
    {
        await PaceAsync(bare, recorded, WarmUpSeconds);
        var (bareTimes, recordedTimes) = await PaceAsync(bare, recorded, seconds);
        var (bareMeans, recordedMeans, bytes) = await RushAsync(bare, recorded, seconds * BatchesPerSecond);
        Add("paced", Quantiles.Median(bareTimes), Quantiles.Median(recordedTimes));
        Add("paced_p99", Quantiles.At(bareTimes, 0.99), Quantiles.At(recordedTimes, 0.99));
        Add("rushed", Quantiles.Median(bareMeans), Quantiles.Median(recordedMeans));
        figures[$"{name} added_bytes"] = bytes;

        void Add(string figure, double without, double with)
        {
            figures[$"{name} {figure}"] = without;
            figures[$"{name} {figure} recorded"] = with;
            figures[$"{name} {figure} added"] = with - without;
        }
    }

    // The time that each call took, at a steady rate, in microseconds.
    private static async Task<(double[] Bare, double[] Recorded)> PaceAsync(Func<Task> bare, Func<Task> recorded, int seconds)
    {
        var (bareTimes, recordedTimes) = (new double[seconds * PerSecond / 2], new double[seconds * PerSecond / 2]);
        var interval = Stopwatch.Frequency / PerSecond;
        var due = Stopwatch.GetTimestamp();
        for (var i = 0; i < seconds * PerSecond; i++, due += interval)
        {
            while (Stopwatch.GetTimestamp() < due)
                Thread.SpinWait(20);
            var start = Stopwatch.GetTimestamp();
            await (i % 2 == 0 ? bare : recorded)();
            (i % 2 == 0 ? bareTimes : recordedTimes)[i / 2] = Microseconds(Stopwatch.GetTimestamp() - start);
        }

        return (bareTimes, recordedTimes);
    }

    // The mean of each batch of calls, one after the other, in microseconds, and the bytes that recording a call allocates here.
    private static async Task<(List<double> Bare, List<double> Recorded, double AddedBytes)> RushAsync(Func<Task> bare, Func<Task> recorded, int batches)
    {
        var (bareMeans, recordedMeans, addedBytes) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < batches; i++)
        {
            var (without, bytesWithout) = await MeanAsync(bare);
            var (with, bytesWith) = await MeanAsync(recorded);
            bareMeans.Add(without);
            recordedMeans.Add(with);
            addedBytes.Add(bytesWith - bytesWithout);
        }

        return (bareMeans, recordedMeans, Quantiles.Median(addedBytes));
    }

    private static async Task<(double Microseconds, double Bytes)> MeanAsync(Func<Task> call)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Batch; i++)
            await call();
        return (Microseconds(Stopwatch.GetTimestamp() - start) / Batch, (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)Batch);
    }

    // Finer than a TimeSpan.
    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
