// Every call of a tool in the trail, over HTTP. TOOLTRAIL_URL and TOOLTRAIL_KEY say where: a server, and a key made by
// `tooltrail keys add --role producer --user ann`. Run it (npx tsx record.mts), then look: tooltrail recent --user ann
import { randomUUID } from 'node:crypto';

const url = `${process.env.TOOLTRAIL_URL ?? 'http://127.0.0.1:5280'}/api/audit/records`;
const key = process.env.TOOLTRAIL_KEY;

type Tool<Arguments, Result> = (args: Arguments) => Promise<Result>;

/** Resolves once the record is on disk. Sending the same id again is safe: it is stored once. */
async function send(record: object, attempts = 3): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(record),
        signal: AbortSignal.timeout(10_000),
      });
      if (response.status < 500) {
        const answer = await response.json();
        if (!response.ok || answer.refused.length > 0) throw new TypeError(`Not recorded: ${answer.detail ?? answer.refused[0].error}`);
        return;
      }
    } catch (error) {
      // What the server says no to stays no.
      if (error instanceof TypeError && error.message.startsWith('Not recorded')) throw error;
      if (attempt === attempts) throw error;
    }
    if (attempt === attempts) throw new Error(`The trail at ${url} cannot be written.`);
    await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** attempt));
  }
}

/** Records each call of a tool: its arguments, how it ended, how long it took, what came back. */
function recorded<Arguments, Result>(user: string, name: string, tool: Tool<Arguments, Result>): Tool<Arguments, Result> {
  return async (args) => {
    const record: Record<string, unknown> = { id: randomUUID(), user, tool: name, args, source: 'record.mts' };
    const began = performance.now();
    try {
      const result = await tool(args);
      Object.assign(record, { status: 'ok', result });
      return result;
    } catch (error) {
      const { name: type, message } = error as Error;
      const status = type === 'TimeoutError' ? 'timeout' : type === 'AbortError' ? 'cancelled' : 'error';
      Object.assign(record, { status, error: { type, message } });
      throw error;
    } finally {
      await send({ ...record, duration_ms: Math.round((performance.now() - began) * 1000) / 1000 });
    }
  };
}

const readNote = recorded('ann', 'read_note', async ({ name }: { name: string }) => {
  if (name !== 'todo.txt') throw new RangeError('There is no such note.');
  return 'buy milk';
});

console.log(await readNote({ name: 'todo.txt' }));
await readNote({ name: 'missing.txt' }).catch((error: Error) => console.log(error.message));
