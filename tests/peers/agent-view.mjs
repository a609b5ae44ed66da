// What an agent sees of its trail, by the real TypeScript client: node agent-view.mjs URL KEY
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [url, key] = process.argv.slice(2);
const client = new Client({ name: 'peer-client', version: '1.0.0' });
await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { Authorization: `Bearer ${key}` } } }));
const { tools } = await client.listTools();
console.log(tools.map((tool) => tool.name).sort().join(','));
const recent = await client.callTool({ name: 'audit_recent', arguments: { user: 'bob', tool: '????', status: 'ok', limit: 5 } });
const { records } = JSON.parse(recent.content[0].text);
console.log(records.map((record) => record.tool).filter((tool) => !tool.startsWith('audit_')).join(','));
await client.close();
