// Bundles src/ into the modules (notebooks, served pages), the script (saved pages) and the style sheet that the Python package carries.
// `node build.js FOLDER` writes elsewhere: a test compares that with what is committed.

import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = process.argv[2] ?? join(here, "../arenalab/player/static");
const common = { bundle: true, legalComments: /** @type {const} */ ("none"), charset: /** @type {const} */ ("utf8") };
const code = { target: "es2022", minifyWhitespace: true, minifySyntax: true };

await build({
  ...common,
  ...code,
  entryPoints: [join(here, "src/index.js")],
  outfile: join(out, "player.js"),
  format: "esm",
});
await build({
  ...common,
  ...code,
  entryPoints: [join(here, "src/saved_page.js")],
  outfile: join(out, "saved.js"),
  format: "iife", // a page that is opened from a disk can load no module
});
await build({
  ...common,
  ...code,
  entryPoints: [join(here, "src/served.js")],
  outfile: join(out, "served.js"),
  format: "esm", // without a kernel around it: `arenalab serve`, documents of JupyterLab
});
await build({ ...common, entryPoints: [join(here, "src/player.css")], outfile: join(out, "player.css"), minify: true });
