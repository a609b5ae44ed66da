using ToolTrail.Bench.Proxy;

// With "serve" this program is the server that it measures.
return args is ["serve"] ? EchoServer.Run() : await Measurement.RunAsync(calls: args.Length > 0 ? int.Parse(args[0], null) : 5_000);
