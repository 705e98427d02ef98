// Bundles the front end into one folder. Usage: node build.mjs <output folder>
// Called by hatch_build.py after `npm ci`; needs nothing but the packages of package-lock.json.
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, "dist"));
const modules = join(here, "node_modules");

/** A sprite of the icons in icons.txt: pages draw one with <use href="icons.svg#name">. */
function sprite() {
  const names = readFileSync(join(here, "icons.txt"), "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"));
  const missing = names.filter((name) => !existsSync(iconPath(name)));
  if (missing.length) throw new Error(`icons.txt names icons that Tabler does not have: ${missing.join(", ")}`);
  const symbols = names.map((name) => {
    const drawing = readFileSync(iconPath(name), "utf8")
      .replace(/<!--[\s\S]*?-->/g, "")
      .replace(/^[\s\S]*?<svg[^>]*>/, "")
      .replace(/<\/svg>\s*$/, "")
      .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
      .replace(/\s+/g, " ")
      .trim();
    return `<symbol id="${name}" viewBox="0 0 24 24">${drawing}</symbol>`;
  });
  writeFileSync(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

function iconPath(name) {
  return join(modules, "@tabler", "icons", "icons", "outline", `${name}.svg`);
}

/** The licences of every package whose files stand in the output, found through esbuild's own list of inputs. */
function licences(folder, inputs, more) {
  const names = new Set(more);
  for (const input of inputs) {
    const found = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//);
    if (found) names.add(found[1]);
  }
  const parts = [...names].sort().map((name) => {
    const home = join(modules, name);
    const facts = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
    const files = readdirSync(home).filter((entry) => /^(licen[cs]e|notice)([._-].*)?$/i.test(entry));
    const text = files.length ? files.map((file) => readFileSync(join(home, file), "utf8").trim()).join("\n\n") : mit(name, facts);
    return `${name} ${facts.version}\nlicence: ${facts.license}\n\n${text}\n`;
  });
  const head = "Packages of others that stand in this folder's bundles, with version and licence.\n";
  writeFileSync(join(folder, "THIRD-PARTY.txt"), [head, ...parts].join(`\n${"-".repeat(80)}\n`));
}

/** Packages without a licence file of their own: the MIT text with the holders that their sources name. */
const HOLDERS = {
  "@tabler/core": "2018-2026 The Tabler Authors\nCopyright (c) 2011-2025 The Bootstrap Authors (Tabler's styles contain Bootstrap's)",
};

function mit(name, facts) {
  if (facts.license !== "MIT" || !HOLDERS[name]) {
    throw new Error(`${name} has no licence file: find its holders and add them to HOLDERS in build.mjs`);
  }
  const text = readFileSync(join(modules, "@tabler", "icons", "LICENSE"), "utf8");
  return text.replace(/Copyright \(c\).*/, `Copyright (c) ${HOLDERS[name]}`).trim();
}

/** Compressed neighbours, so that any static server that knows .gz and .br sends a tenth of the bytes. */
function compress() {
  for (const name of readdirSync(out).filter((entry) => /\.(css|js|svg)$/.test(entry))) {
    const bytes = readFileSync(join(out, name));
    writeFileSync(join(out, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    writeFileSync(join(out, `${name}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  }
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const settings = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome100", "firefox100", "safari15.4"],
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
};
const result = await esbuild.build({
  ...settings,
  entryPoints: ["src/app.js", "src/editor.js", "src/charts.js", "src/visit.js", "src/visit-worker.js", "src/app.css", "src/editor.css"],
  outdir: out,
});
sprite();
copyFileSync(join(here, "src", "brand", "mark.svg"), join(out, "mark.svg"));
licences(out, Object.keys(result.metafile.inputs), ["@tabler/icons"]);
compress();

// What draws figures stands apart: it is read by Python, never sent to a browser. hatch_build.py moves it to its room.
const figures = join(out, "figures");
mkdirSync(figures);
const drawn = await esbuild.build({ ...settings, entryPoints: ["src/figures.js"], outdir: figures });
const font = "@expo-google-fonts/noto-sans-sc";
copyFileSync(join(modules, font, "400Regular", "NotoSansSC_400Regular.ttf"), join(figures, "NotoSansSC-Regular.ttf"));
licences(figures, Object.keys(drawn.metafile.inputs), [font]);
