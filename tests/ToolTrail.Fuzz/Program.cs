// Gives bytes to what takes bytes from others. Started by ./torture.sh hostile, and by who looks at what that found.
// Usage: ToolTrail.Fuzz run TARGET | ToolTrail.Fuzz replay TARGET FILE ... | ToolTrail.Fuzz instrument FOLDER
using SharpFuzz;
using ToolTrail.Fuzz;

switch (args)
{
    // Under afl-fuzz, which hands in one input after the other.
    case ["run", var name]:
        // Made by the first input: before, there is nowhere to tell which branches are taken.
        IFuzzTarget? fuzzed = null;
        Fuzzer.OutOfProcess.Run(input => (fuzzed ??= FuzzTargets.Open(name)).Run(BytesOf(input)));
        return 0;
    case ["replay", var name, .. { Length: > 0 } files]:
        using (var target = FuzzTargets.Open(name))
        {
            foreach (var file in files)
            {
                Console.WriteLine(file);
                target.Run(File.ReadAllBytes(file));
            }
        }

        return 0;
    case ["instrument", var folder]:
        Instrumentation.Run(folder);
        return 0;
    default:
        Console.Error.WriteLine($"Usage: ToolTrail.Fuzz run TARGET | replay TARGET FILE ... | instrument FOLDER, with the targets {string.Join(", ", FuzzTargets.Names)}.");
        return 2;
}

static byte[] BytesOf(Stream stream)
{
    using var bytes = new MemoryStream();
    stream.CopyTo(bytes);
    return bytes.ToArray();
}
