// Runs the conformance suite of the protocol on a server, or one scenario of it on a client, and prints its verdicts, one a line:
//   node conformance.mjs REVISION server URL
//   node conformance.mjs REVISION client COMMAND SCENARIO
import fs from "node:fs";
import { register } from "node:module";
import os from "node:os";
import path from "node:path";

const [revision, role, subject, scenario] = process.argv.slice(2);

// The suite is written for Node 22, of which it has one name that Node 20 lacks, and that only its other commands use.
const inline = (code) => "data:text/javascript," + encodeURIComponent(code);
if (!fs.globSync) {
  const withGlob = inline(`export * from "node:fs"; export { default } from "node:fs"; export const globSync = undefined;`);
  register(inline(`export const resolve = (name, context, next) => name === "fs" ? { url: ${JSON.stringify(withGlob)}, shortCircuit: true } : next(name, context);`));
}

const results = fs.mkdtempSync(path.join(os.tmpdir(), "conformance-"));
process.on("exit", () => {
  let verdicts = "";
  for (const file of fs.readdirSync(results, { recursive: true }).filter((name) => path.basename(name) === "checks.json").sort()) {
    const name = path.dirname(file).replace(/^server-/, "").replace(/-\d{4}-\d\d-\d\dT.*$/, "");
    for (const check of JSON.parse(fs.readFileSync(path.join(results, file)))) {
      // What is told for information is no verdict: how many events came in how many requests, for example.
      if (check.status !== "INFO") verdicts += `${name} ${check.id} ${check.status}\n`;
    }
  }
  fs.rmSync(results, { recursive: true });
  fs.writeSync(1, verdicts);
});
console.log = () => {};
// It waits half a second for some answers, which a busy machine may not keep: a verdict is not to depend on that.
const { setTimeout } = globalThis;
globalThis.setTimeout = (run, milliseconds, ...rest) => setTimeout(run, 5 * milliseconds, ...rest);
const what = role === "server" ? ["--url", subject, "--requirements", revision] : ["--command", subject, "--scenario", scenario, "--spec-version", revision];
process.argv.splice(2, Infinity, role, ...what, "--output-dir", results);
await import("@modelcontextprotocol/conformance/dist/index.js");
