// Compiles src/ and lets JupyterLab's own builder make of it what the wheel carries: built/, which is committed.
// `npm run build` needs a JupyterLab beside the Python that runs: PYTHON=../.venv/bin/python where that is not `python3`.

import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const here = fileURLToPath(new URL(".", import.meta.url));
const python = process.env.PYTHON ?? "python3";
const run = (/** @type {string} */ command, /** @type {string[]} */ words) =>
  execFileSync(command, words, { cwd: here, stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });

rmSync(join(here, "built"), { recursive: true, force: true });
rmSync(join(here, "lib"), { recursive: true, force: true });
run(join(here, "node_modules/.bin/tsc"), []);
const core = run(python, ["-c", "import jupyterlab, os; print(os.path.join(os.path.dirname(jupyterlab.__file__), 'staging'))"]).trim();
process.stdout.write(run("node", [join(here, "node_modules/@jupyterlab/builder/lib/build-labextension.js"), "--core-path", core, here]));
