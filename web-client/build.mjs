// Builds the browser's half: one style sheet, one script, one icon sprite, the fonts, each under a
// name that carries its hash, with a brotli copy beside it and `manifest.json` on top.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile, readdir } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { steps } from "./steps.mjs";

const out = "dist";
const manifest = {};

await rm(out, { recursive: true, force: true });
await mkdir(out);

/** Writes a file under its hashed name and remembers it under its own. */
async function put(name, content) {
  const bytes = Buffer.from(content);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const hashed = `${basename(name, extname(name))}-${hash}${extname(name)}`;
  await write(hashed, bytes);
  manifest[name] = hashed;
}

async function write(file, bytes) {
  await writeFile(join(out, file), bytes);
  // Fonts are compressed already.
  if (extname(file) === ".woff2") return;
  const packed = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  await writeFile(join(out, `${file}.br`), packed);
}

/** The icons in icons.txt, as one sprite; a page draws one with `<use href="…#name">`. */
async function sprite() {
  const names = (await readFile("icons.txt", "utf8")).split("\n").filter(Boolean);
  const symbols = await Promise.all(
    names.map(async (name) => {
      const svg = await readFile(`node_modules/lucide-static/icons/${name}.svg`, "utf8");
      const inner = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
      const shapes = inner.replace(/\s+/g, " ").trim();
      return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`;
    }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

const bundles = await build({
  entryPoints: { app: "src/app.ts", style: "css/index.css" },
  bundle: true,
  minify: true,
  target: ["chrome123", "firefox121", "safari17.5"],
  loader: { ".woff2": "file" },
  assetNames: "[name]-[hash]",
  publicPath: "/assets",
  legalComments: "none",
  outdir: out,
  write: false,
  logLevel: "warning",
  plugins: [
    {
      name: "generated",
      setup(hooks) {
        hooks.onResolve({ filter: /^generated:/ }, ({ path }) => ({ path, namespace: "generated" }));
        hooks.onLoad({ filter: /.*/, namespace: "generated" }, () => ({ contents: steps(), loader: "css" }));
      },
    },
  ],
});

for (const { path, contents } of bundles.outputFiles) {
  const name = basename(path);
  if (extname(name) === ".woff2") {
    await write(name, contents);
    manifest[name.replace(/-[A-Z0-9]{8}\.woff2$/, ".woff2")] = name;
  } else {
    await put(name, contents);
  }
}
await put("icons.svg", await sprite());
for (const name of await readdir("static")) await put(name, await readFile(join("static", name)));

// The licences that ask to travel with the files.
const licences = await Promise.all(
  [
    ["Atkinson Hyperlegible Next", "@fontsource-variable/atkinson-hyperlegible-next/LICENSE"],
    ["Lucide", "lucide-static/LICENSE"],
    ["htmx", "htmx.org/LICENSE"],
    ["Utrecht / NL Design System", "@utrecht/button-css/LICENSE.md"],
  ].map(async ([what, file]) => `${what}\n\n${(await readFile(`node_modules/${file}`, "utf8")).trim()}\n`),
);
await put("licences.txt", licences.join(`\n${"-".repeat(72)}\n\n`));

const sorted = Object.fromEntries(Object.entries(manifest).sort());
await writeFile(join(out, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
