// A model that calls the tools that it is told to, for hosts whose own models cost money and answer as they like: node model.mjs CALLS, where CALLS is JSON, a list
// of turns, each a list of { name, input }. It speaks Anthropic's Messages API and Gemini's, prints its address, and ends with its standard input.
import { createServer } from "node:http";

const turns = JSON.parse(process.argv[2]);

// Of a conversation, how many turns with calls of tools there were.
function anthropic(asked, response) {
  const turn = asked.messages.filter((message) => message.role === "assistant" && Array.isArray(message.content) && message.content.some((block) => block.type === "tool_use")).length;
  const calls = (asked.tools?.length && turns[turn]) || [];
  const content = calls.length > 0
    ? calls.map((call, i) => ({ type: "tool_use", id: `toolu_${turn}_${i}`, name: call.name, input: call.input }))
    : [{ type: "text", text: "done" }];
  const ended = { stop_reason: calls.length > 0 ? "tool_use" : "end_turn", stop_sequence: null };
  const message = { id: `msg_${turn}`, type: "message", role: "assistant", model: asked.model, content, ...ended, usage: { input_tokens: 1, output_tokens: 1 } };
  if (!asked.stream)
    return response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(message));
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (type, rest) => response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`);
  send("message_start", { message: { ...message, content: [], stop_reason: null } });
  content.forEach((block, index) => {
    const isText = block.type === "text";
    send("content_block_start", { index, content_block: isText ? { ...block, text: "" } : { ...block, input: {} } });
    send("content_block_delta", { index, delta: isText ? { type: "text_delta", text: block.text } : { type: "input_json_delta", partial_json: JSON.stringify(block.input) } });
    send("content_block_stop", { index });
  });
  send("message_delta", { delta: ended, usage: { output_tokens: 1 } });
  send("message_stop", {});
  response.end();
}

function gemini(asked, response, isStream) {
  const turn = asked.contents.filter((content) => content.role === "model" && content.parts.some((part) => part.functionCall)).length;
  const calls = (asked.tools && turns[turn]) || [];
  const parts = calls.length > 0 ? calls.map((call, i) => ({ functionCall: { id: `call_${turn}_${i}`, name: call.name, args: call.input } })) : [{ text: "done" }];
  const answer = JSON.stringify({
    candidates: [{ content: { role: "model", parts }, finishReason: "STOP", index: 0 }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
  });
  response.writeHead(200, { "content-type": isStream ? "text/event-stream" : "application/json" }).end(isStream ? `data: ${answer}\r\n\r\n` : answer);
}

const server = createServer(async (request, response) => {
  let body = "";
  for await (const piece of request)
    body += piece;
  if (/^\/v1\/messages(\?|$)/.test(request.url))
    anthropic(JSON.parse(body), response);
  else if (request.url.includes("enerateContent"))
    gemini(JSON.parse(body), response, request.url.includes("stream"));
  else
    response.writeHead(404).end("{}");
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.on("end", () => process.exit(0)).resume();
