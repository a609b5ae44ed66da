using System.Globalization;
using ToolTrail.Bench;
using ToolTrail.Bench.Measures;
using ToolTrail.Bench.Report;

// Everything, each measure in a process of its own, so that memory and garbage collection are its own too; or one measure.
if (args is ["all", var document, .. var options])
    BenchmarksDocument.Write(document, Suite.Run(quick: options.Contains("--quick")));
else if (args is ["codec", var codecKind])
    CodecMeasure.Run(Kind(codecKind)).Print();
else if (args is ["throughput", var contender, var kind, var producers, var records])
    (await ThroughputMeasure.RunAsync(contender, Kind(kind), Number(producers), Number(records))).Print();
else if (args is ["caller", var called, var callKind, var seconds])
    (await CallerMeasure.RunAsync(called, Kind(callKind), Number(seconds))).Print();
else if (args is ["durable", var callers, var users, var durableSeconds])
    (await DurableMeasure.RunAsync(Number(callers), Number(users), Number(durableSeconds))).Print();
else if (args is ["recent", var day, var rounds])
    (await RecentMeasure.RunAsync(Number(day), Number(rounds))).Print();
else if (args is ["verify", var lines, var times])
    (await VerifyMeasure.RunAsync(Number(lines), Number(times))).Print();
else if (args is ["users", var many, var each])
    (await UsersMeasure.RunAsync(Number(many), Number(each))).Print();
else
    return 2;
return 0;

static SampleKind Kind(string name) => Enum.Parse<SampleKind>(name, ignoreCase: true);
static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
