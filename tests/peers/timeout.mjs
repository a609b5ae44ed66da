// Calls a tool over HTTP with the real TypeScript client, which gives up after 300 ms: node timeout.mjs URL TOOL [sse]. Leaves at the end of its standard input.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";

const [url, tool, transport] = process.argv.slice(2);
const client = new Client({ name: "peer-client", version: "1.0.0" });
await client.connect(transport === "sse" ? new SSEClientTransport(new URL(url)) : new StreamableHTTPClientTransport(new URL(url)));
try {
  await client.callTool({ name: tool, arguments: {} }, CallToolResultSchema, { timeout: 300 });
} catch (error) {
  console.log(String(error));
}
for await (const _ of process.stdin);
await client.close();
