using System.Globalization;
using ToolTrail.Bench.Captures;
using ToolTrail.Bench.Captures.Functions;
using ToolTrail.Bench.Captures.Hooks;
using ToolTrail.Bench.Captures.Proxies;

// Everything, each measure in a process of its own; or one measure; or one of the servers that are measured.
if (args is ["all", var document, .. var options])
    CapturesDocument.Write(document, CapturesSuite.Run(quick: options.Contains("--quick")));
else if (args is ["functions", var seconds])
    (await FunctionsMeasure.RunAsync(Number(seconds))).Print();
else if (args is ["proxies", var size, var calls])
    ProxiesMeasure.Run(Number(size), Number(calls)).Print();
else if (args is ["hook", var runs])
    HookMeasure.Run(Number(runs)).Print();
else if (args is ["serve"])
    EchoServer.Run();
else if (args is ["serve-http", var port])
    await EchoHttpServer.RunAsync(Number(port), new MessageAnswers());
else if (args is ["bridge", var bridgePort])
    await EchoHttpServer.RunAsync(Number(bridgePort), new ServerAnswers());
else
    return 2;
return 0;

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
