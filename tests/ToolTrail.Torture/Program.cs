// Does to the recorder what the world does to it, and compares what it acknowledged with what is there. Started by torture.sh.
// Usage: ToolTrail.Torture [--minutes N] [row ...]
using ToolTrail.Torture;
using ToolTrail.Torture.Disks;
using ToolTrail.Torture.Faults;
using ToolTrail.Torture.Report;

if (!Arguments.TryParse(args, AllFaults.InOrder, out var arguments, out var problem))
{
    Console.Error.WriteLine(problem);
    return 2;
}

Mounts.Sweep(Bench.Folder);
var results = new List<FaultResult>();
foreach (var fault in arguments.Faults)
    results.Add(await Bench.RunAsync(fault, arguments.Scale));

Console.WriteLine();
Console.WriteLine(ResultTable.Of(results));
ReliabilityDocument.Write(results, isFullRun: arguments.Scale >= 1);
return results.TrueForAll(result => result.Holds) ? 0 : 1;
