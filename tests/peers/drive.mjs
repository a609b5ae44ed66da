// Drives an MCP server with the real TypeScript client and prints, as JSON, every message that the client sent or received:
//   node drive.mjs SCRIPT FOLDER COMMAND ARGS…
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { CallToolResultSchema, CreateMessageRequestSchema, ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import * as scripts from "./scripts.mjs";

const [scriptName, folder, command, ...args] = process.argv.slice(2);
const script = scripts[scriptName];

const transport = new StdioClientTransport({ command, args, env: process.env, stderr: "inherit" });
const client = new Client({ name: "peer-client", version: "1.0.0" }, { capabilities: script.capabilities });
if (script.capabilities.sampling)
  client.setRequestHandler(CreateMessageRequestSchema, () => ({ role: "assistant", model: "none", content: { type: "text", text: "sampled" } }));
if (script.capabilities.elicitation)
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: "decline" }));

// What every run makes anew: task ids and times.
const stable = (message) => JSON.stringify(message)
  .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "TIME")
  .replace(/\b[0-9a-f]{32}\b/g, "ID");

const transcript = [];
const connecting = client.connect(transport);
const send = transport.send.bind(transport);
transport.send = (message, options) => {
  transcript.push(`> ${stable(message)}`);
  return send(message, options);
};
const receive = transport.onmessage;
transport.onmessage = (message, extra) => {
  // Of the call that is given up (of 20 steps) progress may still come, or not.
  if (message.params?.total !== 20)
    transcript.push(`< ${stable(message)}`);
  receive(message, extra);
};
await connecting;

const attempt = async (work) => {
  try {
    await work();
  } catch (error) {
    transcript.push(`! ${stable(String(error))}`);
  }
};
const call = (name, toolArguments, options) => attempt(() => client.callTool({ name, arguments: toolArguments }, CallToolResultSchema, options));

await script.run({ client, call, attempt, folder, note: (text) => transcript.push(`- ${text}`) });
await client.close();
console.log(JSON.stringify(transcript, null, 1));
