// What the driver does with each server.
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { join } from "node:path";

export const everything = {
  capabilities: { sampling: {}, elicitation: {}, tasks: { requests: {} } },
  async run({ client, call, attempt, note }) {
    const tools = await client.listTools();
    await client.listPrompts();
    await client.listResources();
    await client.listResourceTemplates();
    await client.ping();
    note(`${tools.tools.length} tools`);

    await call("echo", { message: "héllo \u{1F600} \u2028 \"quoted\"" });
    await call("get-sum", { a: 2, b: 40 });
    await call("get-sum", { a: "two" });
    await call("no-such-tool", {});
    await call("get-tiny-image", {});
    await call("get-structured-content", { location: "New York" });
    await call("get-annotated-message", { messageType: "error", includeImage: false });
    await call("get-resource-links", { count: 3 });
    await call("trigger-sampling-request", { prompt: "say something", maxTokens: 10 });
    await call("trigger-elicitation-request", {});
    await call("trigger-long-running-operation", { duration: 0.3, steps: 3 }, { onprogress: () => {} });

    const abort = new AbortController();
    await call("trigger-long-running-operation", { duration: 0.2, steps: 20 }, { signal: abort.signal, onprogress: () => abort.abort("enough") });
    await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((i) => call("get-sum", { a: i, b: i })));
    await attempt(() => client.getPrompt({ name: "no-such-prompt" }));
  },
};

export const timeout = {
  capabilities: {},
  async run({ client, call }) {
    await client.listTools();
    await call("trigger-long-running-operation", { duration: 60, steps: 1 }, { timeout: 300 });
  },
};

export const task = {
  capabilities: { tasks: { requests: {} } },
  async run({ client, note }) {
    await client.listTools();
    const stream = client.experimental.tasks.callToolStream(
      { name: "simulate-research-query", arguments: { topic: "tea" } }, CallToolResultSchema, { task: { ttl: 60000 } });
    for await (const message of stream)
      if (message.type === "result" || message.type === "error")
        note(`${message.type} ${JSON.stringify(message.result ?? String(message.error))}`);
  },
};

export const filesystem = {
  capabilities: {},
  async run({ client, call, folder }) {
    await client.listTools();
    const file = join(folder, "notes.txt");
    await call("list_allowed_directories", {});
    await call("write_file", { path: file, content: "one\ntwo\n" + "x".repeat(100_000) });
    await call("read_text_file", { path: file });
    await call("read_text_file", { path: file, head: 2 });
    await call("edit_file", { path: file, edits: [{ oldText: "one", newText: "three" }] });
    await call("create_directory", { path: join(folder, "sub") });
    await call("list_directory", { path: folder });
    await call("directory_tree", { path: folder });
    await call("search_files", { path: folder, pattern: "**/*.txt" });
    await call("move_file", { source: file, destination: join(folder, "sub", "moved.txt") });
    await call("read_text_file", { path: file });
    await call("read_text_file", { path: join(folder, "..", "outside.txt") });
    await call("read_multiple_files", { paths: [join(folder, "sub", "moved.txt"), file] });
    await call("write_file", { path: file });
  },
};
