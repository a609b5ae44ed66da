// An agent of the Microsoft Agent Framework whose tool calls are in the trail. Run it, then look: tooltrail recent
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using ToolTrail.Extensions.AI;
using ToolTrail.Samples;

using var model = new DemoModel();

var agent = new ChatClientAgent(model, name: "notes", tools: [AIFunctionFactory.Create(ReadNote, "ReadNote")])
    .AsBuilder()
    .UseToolTrail()
    .Build();
Console.WriteLine(await agent.RunAsync("What is on my list?"));

static string ReadNote(string name) => name == "todo.txt" ? "buy milk" : throw new FileNotFoundException("There is no such note.", name);
