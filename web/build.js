// Bundles the editor of the query page into the package: dxlod/site/static/editor.js and editor.css.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "dxlod", "site", "static");
const lock = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8"));

// What is bundled is published: its licences go with it.
function licences() {
  const parts = [];
  for (const [place, facts] of Object.entries(lock.packages)) {
    const folder = join(here, place);
    if (!place || facts.dev || facts.optional || !existsSync(folder) || place.includes("@types/")) continue;
    const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
    const text = file ? readFileSync(join(folder, file), "utf8").trim() : `Licence: ${facts.license}`;
    parts.push(`${place.replace(/^.*node_modules\//, "")} ${facts.version} (${facts.license})\n\n${text}`);
  }
  return `/*\n${parts.join("\n\n----\n\n").replaceAll("*/", "* /")}\n*/`;
}

await build({
  entryPoints: [join(here, "editor.js")],
  outfile: join(target, "editor.js"),
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  charset: "utf8",
  legalComments: "none",
  footer: { js: licences() },
  logLevel: "info",
});
