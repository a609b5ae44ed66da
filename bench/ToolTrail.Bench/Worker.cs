using System.Diagnostics;
using System.Globalization;

namespace ToolTrail.Bench;

/// <summary>Runs a measure in a process of its own.</summary>
internal static class Worker
{
    /// <param name="arguments">The measure and its values, as <c>Program.cs</c> takes them.</param>
    /// <exception cref="InvalidOperationException">The measure failed; its error output was passed on.</exception>
    public static Figures Run(params IReadOnlyList<object> arguments)
    {
        string[] texts = [.. arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture)!)];
        var start = new ProcessStartInfo(Environment.ProcessPath!, texts) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The measure '{string.Join(' ', texts)}' ended with exit code {process.ExitCode}.");
        Console.Error.WriteLine($"{string.Join(' ', texts)}: {output.Trim()}");
        return Figures.Parse(output);
    }
}
