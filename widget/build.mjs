// Builds the widget: `node build.mjs` writes the files that the server ships, `--check` compares
// them with the sources, `--package` makes what the npm package holds.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, brotliDecompressSync, constants, gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { minify } from "terser";

const HERE = dirname(fileURLToPath(import.meta.url));
const FILES = join(HERE, "../server/harken_server/channels/widget/files");
const DESIGN = join(HERE, "../server/harken_server/design/files");
const KIOSK = join(HERE, "../server/harken_server/channels/kiosk/files");

/** Style sheets become strings, minified. */
const styles = {
  name: "styles",
  setup(setup) {
    setup.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const options = { loader: "css", minify: true, target: "es2020" };
      const { code } = await transform(readFileSync(path, "utf8"), options);
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** Names that begin with `_` are ours alone and get short ones; each bundle has its own. */
const COMMON = {
  absWorkingDir: HERE,
  bundle: true,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  mangleProps: /^_/,
  mangleQuoted: false,
  minify: true,
  plugins: [styles],
  // Older browsers read the loader, find something they do not know, and show nothing.
  target: "es2021",
  treeShaking: true,
  write: false,
};

/** A second look at what esbuild has joined takes another four percent off. */
const CLOSER = {
  ecma: 2021,
  toplevel: true,
  compress: { ecma: 2021, passes: 4, unsafe: true, unsafe_arrows: true, unsafe_methods: true, keep_fargs: false, pure_getters: true },
  format: { ecma: 2021, ascii_only: false },
};

async function pressClosely(file) {
  const { code } = await minify(readFileSync(file, "utf8"), { ...CLOSER, module: true });
  writeFileSync(file, `${code}\n`);
}

/** One file. With `shared` it knows what the names of the late files end in. */
async function bundled(entry, format, shared) {
  const apart = shared && { mangleCache: shared.mangleCache, define: { LATE_DIGEST: JSON.stringify(shared.digest) } };
  const { outputFiles, mangleCache } = await build({ ...COMMON, entryPoints: [entry], format, ...apart });
  if (shared) shared.mangleCache = mangleCache;
  const { code } = await minify(outputFiles[0].text.replace(/^"use strict";/, ""), { ...CLOSER, module: format === "esm" });
  return Buffer.from(`${code}\n`);
}

function digest(algorithm, encoding, content) {
  return createHash(algorithm).update(content).digest(encoding);
}

function brotli(content) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  return brotliCompressSync(content, { params });
}

/** What only some surveys need, or what is needed once one shows: files of their own, which the survey code imports. */
const LATE = ["logic", "looks", "parts", "queue", "sending"];

const hashed = (start, ...contents) => `${start}-${digest("sha256", "hex", Buffer.concat(contents)).slice(0, 10)}.js`;

/**
 * The survey code and the late files by what they are. They share the short names of what is theirs alone.
 * The late files' names end alike, by all of them together: five endings cost the survey code 70 bytes.
 */
async function surveyCode() {
  const shared = { mangleCache: {}, digest: "" };
  await bundled("src/code.ts", "esm", shared);
  const late = {};
  for (const part of LATE) late[part] = await bundled(`src/late/${part}.ts`, "esm", shared);
  const [, digest] = hashed("late", ...Object.values(late)).split(/[-.]/);
  return { survey: await bundled("src/code.ts", "esm", { ...shared, digest }), late, digest };
}

/** Name and content of every file that the server ships, without the compressed ones. */
async function shipped() {
  const { survey, late, digest: ending } = await surveyCode();
  const loader = await bundled("src/v1.ts", "iife");
  const whole = await bundled("src/whole.ts", "iife");
  const named = Object.fromEntries(LATE.map((part) => [part, `${part}-${ending}.js`]));
  const names = { loader: "v1.js", survey: hashed("survey", survey), whole: hashed("harken", whole), late: named };
  const scripts = { [names.loader]: loader, [names.survey]: survey, [names.whole]: whole };
  for (const [part, content] of Object.entries(late)) scripts[named[part]] = content;
  const integrity = Object.fromEntries(
    Object.entries(scripts).map(([name, content]) => [name, `sha384-${digest("sha384", "base64", content)}`]),
  );
  const list = Buffer.from(`${JSON.stringify({ ...names, integrity }, null, 2)}\n`);
  return { scripts, list };
}

/** The kiosk: its page's script and style sheet, and its service worker. The server names them. */
async function kiosk() {
  const css = { loader: "css", minify: true, target: "es2021" };
  const { code } = await transform(readFileSync(join(HERE, "kiosk/kiosk.css"), "utf8"), css);
  return {
    "app.js": await bundled("kiosk/app.ts", "esm"),
    "worker.js": await bundled("kiosk/worker.ts", "iife"),
    "kiosk.css": Buffer.from(code),
  };
}

/** What pages of the house load. */
const house = async () => ({ "harken.js": await bundled("design/harken.ts", "iife") });

function printSizes(scripts) {
  const row = (name, ...cells) => console.log(name.padEnd(24), ...cells.map((cell) => String(cell).padStart(8)));
  row("bytes", "raw", "gzip", "brotli");
  for (const [name, content] of Object.entries(scripts)) {
    row(name, content.length, gzipSync(content, { level: 9 }).length, brotli(content).length);
  }
}

async function write() {
  const { scripts, list } = await shipped();
  mkdirSync(FILES, { recursive: true });
  for (const name of readdirSync(FILES)) {
    if (/\.(js|br|json)$/.test(name)) rmSync(join(FILES, name));
  }
  for (const [name, content] of Object.entries(scripts)) {
    writeFileSync(join(FILES, name), content);
    writeFileSync(join(FILES, `${name}.br`), brotli(content));
  }
  writeFileSync(join(FILES, "files.json"), list);
  const apart = [[KIOSK, await kiosk()], [DESIGN, await house()]];
  for (const [folder, files] of apart) writeAll(folder, files);
  printSizes(Object.assign({}, scripts, ...apart.map(([, files]) => files)));
}

function writeAll(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}

/** What differs between the shipped files and what the sources give; one line each. */
function differences(scripts, list) {
  const expected = { ...scripts, "files.json": list };
  const problems = [];
  const read = (name) => (existsSync(join(FILES, name)) ? readFileSync(join(FILES, name)) : null);
  for (const [name, content] of Object.entries(expected)) {
    const found = read(name);
    if (!found) problems.push(`${name} is missing`);
    else if (!found.equals(content)) problems.push(`${name} differs`);
    if (!name.endsWith(".js")) continue;
    const compressed = read(`${name}.br`);
    if (!compressed) problems.push(`${name}.br is missing`);
    else if (!unpacks(compressed, content)) problems.push(`${name}.br holds something else`);
  }
  const present = existsSync(FILES) ? readdirSync(FILES) : [];
  for (const name of present.filter((name) => /\.(js|br|json)$/.test(name))) {
    if (!(name.replace(/\.br$/, "") in expected)) problems.push(`${name} is left over`);
  }
  return problems;
}

function differencesIn(folder, files) {
  const isSame = ([name, content]) => existsSync(join(folder, name)) && readFileSync(join(folder, name)).equals(content);
  return Object.entries(files).filter((one) => !isSame(one)).map(([name]) => `${join(folder, name)} differs`);
}

/** Compressed files are compared by what they hold: another Node may press them otherwise. */
function unpacks(compressed, content) {
  try {
    return brotliDecompressSync(compressed).equals(content);
  } catch {
    return false;
  }
}

async function check() {
  const { scripts, list } = await shipped();
  const kiosks = await kiosk();
  const houses = await house();
  const problems = [...differences(scripts, list), ...differencesIn(KIOSK, kiosks), ...differencesIn(DESIGN, houses)];
  printSizes({ ...scripts, ...kiosks, ...houses });
  for (const problem of problems) console.error(`${problem}: run \`npm run build\` in widget/`);
  process.exitCode = problems.length ? 1 : 0;
}

/** `dist/`: an ES module that imports the survey code when a survey is to be shown, and its types. */
async function makePackage() {
  const dist = join(HERE, "dist");
  rmSync(dist, { recursive: true, force: true });
  await build({ ...COMMON, entryPoints: ["src/npm.ts"], format: "esm", outdir: "dist", splitting: true, write: true });
  for (const name of readdirSync(dist)) await pressClosely(join(dist, name));
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
  const types = spawnSync(process.execPath, [tsc, "-p", "tsconfig.package.json"], { cwd: HERE, stdio: "inherit" });
  copyFileSync(join(HERE, "../LICENSE"), join(HERE, "LICENSE"));
  process.exitCode = types.status ?? 1;
}

const [option] = process.argv.slice(2);
if (option === "--check") await check();
else if (option === "--package") await makePackage();
else if (option === undefined) await write();
else {
  console.error("usage: node build.mjs [--check | --package]");
  process.exitCode = 2;
}
