// Runs the conformance suite of the protocol against a server, and prints its verdicts, one a line: node conformance.mjs URL REVISION.
import fs from "node:fs";
import { register } from "node:module";
import os from "node:os";
import path from "node:path";

const [url, revision] = process.argv.slice(2);

// The suite is written for Node 22, of which it has one name that Node 20 lacks, and that only its other commands use.
const inline = (code) => "data:text/javascript," + encodeURIComponent(code);
if (!fs.globSync) {
  const withGlob = inline(`export * from "node:fs"; export { default } from "node:fs"; export const globSync = undefined;`);
  register(inline(`export const resolve = (name, context, next) => name === "fs" ? { url: ${JSON.stringify(withGlob)}, shortCircuit: true } : next(name, context);`));
}

const results = fs.mkdtempSync(path.join(os.tmpdir(), "conformance-"));
process.on("exit", () => {
  let verdicts = "";
  for (const run of fs.readdirSync(results).sort()) {
    const scenario = run.replace(/^server-/, "").replace(/-\d{4}-\d\d-\d\dT.*$/, "");
    for (const check of JSON.parse(fs.readFileSync(path.join(results, run, "checks.json")))) {
      // What is told for information is no verdict: how many events came in how many requests, for example.
      if (check.status !== "INFO") verdicts += `${scenario} ${check.id} ${check.status}\n`;
    }
  }
  fs.rmSync(results, { recursive: true });
  fs.writeSync(1, verdicts);
});
console.log = () => {};
// It waits half a second for some answers, which a busy machine may not keep: a verdict is not to depend on that.
const { setTimeout } = globalThis;
globalThis.setTimeout = (run, milliseconds, ...rest) => setTimeout(run, 5 * milliseconds, ...rest);
process.argv.splice(2, 2, "server", "--url", url, "--requirements", revision, "--output-dir", results);
await import("@modelcontextprotocol/conformance/dist/index.js");
