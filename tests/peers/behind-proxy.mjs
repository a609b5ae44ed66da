// Runs a client of a server behind a proxy of its own: node behind-proxy.mjs TOOL HOME CLIENT ARGS… URL. Exits as the client does.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const [tool, home, client, ...args] = process.argv.slice(2);
const url = args.pop();
const proxy = spawn(tool, ["proxy", "--home", home, "--user", "ada", "--listen", "127.0.0.1:0", "--upstream", url], { stdio: ["ignore", "pipe", "inherit"] });
const [greeting] = await once(createInterface(proxy.stdout), "line");
const [code] = await once(spawn(client, [...args, greeting.match(/http:\S+$/)[0]], { stdio: "inherit" }), "exit");
proxy.kill();
await once(proxy, "exit");
process.exit(code);
