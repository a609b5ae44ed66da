// A chat client of Microsoft.Extensions.AI whose tool calls are in the trail. Run it, then look: tooltrail recent
using Microsoft.Extensions.AI;
using ToolTrail.Extensions.AI;
using ToolTrail.Samples;

using var model = new DemoModel();

var client = model.AsBuilder()
    .UseToolTrail() // in the place of UseFunctionInvocation()
    .Build();
var options = new ChatOptions { Tools = [AIFunctionFactory.Create(ReadNote, "ReadNote")] };
Console.WriteLine(await client.GetResponseAsync("What is on my list?", options));

static string ReadNote(string name) => name == "todo.txt" ? "buy milk" : throw new FileNotFoundException("There is no such note.", name);
