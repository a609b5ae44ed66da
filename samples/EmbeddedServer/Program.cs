// The HTTP server over a trail, in a program of your own: on http://127.0.0.1:5280 unless the configuration says otherwise. Make a key first: tooltrail keys add --role auditor
using Microsoft.Extensions.Hosting;
using ToolTrail.Home;
using ToolTrail.Server;

var home = TrailHome.Open(TrailHome.Locate(null));
using var configuration = TrailConfiguration.Load(home);
await using var server = TrailServer.Create(new TrailServerOptions { Home = home, Configuration = configuration });
await server.StartAsync();
await server.WaitForShutdownAsync();
