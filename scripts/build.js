/**
 * Bundles the extension into dist/: `node scripts/build.js [--watch] [--minify]`.
 *
 * The extension is ESM with splitting, so `await import()` of a heavy module is a file of its own,
 * read when it is first needed (VS Code loads ESM extensions since 1.100).
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const project = fileURLToPath(new URL('..', import.meta.url));
const dist = join(project, 'dist');

/** What CommonJS dependencies use and ESM does not have. */
const commonJsGlobals = `
import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __fileURLToPath(new URL('.', import.meta.url));
`.trim();

/**
 * client-node's files only define classes, but its package.json does not say so: without this,
 * the configuration would keep 734 generated models that nothing names.
 *
 * @type {import('esbuild').Plugin}
 */
const withoutUnusedApi = {
  name: 'without-unused-api',
  setup({ onResolve, resolve }) {
    onResolve(
      { filter: /^(\.|@kubernetes\/client-node\/)/ },
      async ({ path, pluginData, ...from }) => {
        const { importer, resolveDir, kind } = from;
        const passed =
          pluginData === 'resolved' || !`${importer} ${path}`.includes('@kubernetes/client-node/');
        if (passed) return undefined;
        const found = await resolve(path, { importer, resolveDir, kind, pluginData: 'resolved' });
        return { ...found, sideEffects: false };
      },
    );
  },
};

/**
 * What dependencies import and the extension never runs, and what stands for it. Of client-node: OIDC, which is
 * `src/cluster/live/auth/oidc.ts`, JSONPath, by which the credentials of Azure and Google were found, whose
 * `auth-provider` it never sees, and what Node has itself. Of ws: the server.
 */
const neverRun = [
  [/[/\\]node_modules[/\\]openid-client[/\\]/, ''],
  [/[/\\]node_modules[/\\]jsonpath-plus[/\\]/, 'export const JSONPath = undefined;'],
  [
    /[/\\]node_modules[/\\]node-fetch[/\\]/,
    'export const { Headers } = globalThis; export default globalThis.fetch;',
  ],
  [
    /[/\\]node_modules[/\\]ws[/\\]lib[/\\](websocket-server|stream)\.js$/,
    'export default undefined;',
  ],
];

/** @type {import('esbuild').Plugin} */
const withoutNeverRun = {
  name: 'without-never-run',
  setup({ onLoad }) {
    for (const [filter, contents] of neverRun)
      onLoad({ filter }, () => ({ contents, loader: 'js' }));
  },
};

/**
 * Builds everything.
 *
 * @param {object} [options]
 * @param {boolean} [options.minify] As it is published: small and without source maps.
 * @param {boolean} [options.watch] Go on building whenever a source changes.
 * @returns {Promise<void>} rejects where the code does not compile, unless it is watched.
 */
export async function build({ minify = false, watch = false } = {}) {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  for (const wasm of wasmFiles()) {
    copyFileSync(wasm, join(dist, basename(wasm)));
  }
  for (const options of bundles({ minify, watch })) {
    if (watch) {
      await (await esbuild.context(options)).watch();
    } else {
      await esbuild.build(options);
    }
  }
  if (minify) dropUnusedGlobals();
}

/**
 * esbuild writes a banner into every file, and three of over two hundred use what is in it: the rest
 * would be a thirtieth of the package. Only where no source map counts the lines.
 */
function dropUnusedGlobals() {
  const banner = `${commonJsGlobals}\n`;
  for (const name of readdirSync(dist).filter((one) => one.endsWith('.js'))) {
    const code = readFileSync(join(dist, name), 'utf8');
    const rest = code.slice(banner.length);
    if (code.startsWith(banner) && !/\b(?:require|__filename|__dirname)\b/.test(rest)) {
      writeFileSync(join(dist, name), rest);
    }
  }
}

/** tree-sitter and its grammars: the code finds them beside itself. */
function wasmFiles() {
  const syntaxes = join(project, 'syntaxes');
  const grammars = existsSync(syntaxes)
    ? readdirSync(syntaxes).filter((name) => name.startsWith('tree-sitter-'))
    : [];
  return [
    join(project, 'node_modules/web-tree-sitter/web-tree-sitter.wasm'),
    ...grammars.flatMap((grammar) =>
      readdirSync(join(syntaxes, grammar))
        .filter((name) => name.endsWith('.wasm'))
        .map((name) => join(syntaxes, grammar, name)),
    ),
  ];
}

/**
 * Builds another entry as the extension is built for VS Code: the bench measures the code that users run.
 *
 * @param {string} entry a TypeScript file of the project
 * @param {string} outdir where it is put, with the files it is split into
 * @returns {Promise<void>} rejects where the code does not compile
 */
export async function buildLikeExtension(entry, outdir) {
  const [extension] = bundles({ minify: true, watch: false });
  await esbuild.build({ ...extension, entryPoints: [entry], outdir });
}

/**
 * Builds a program of the command line into one file.
 *
 * @param {string} entry a TypeScript file of the project
 * @param {string} outfile as deep in the project as the entry, which finds other files from where it is
 * @returns {Promise<void>} rejects where the code does not compile
 */
export async function buildProgram(entry, outfile) {
  const [extension] = bundles({ minify: false, watch: false });
  await esbuild.build({
    ...extension,
    entryPoints: [entry],
    outdir: undefined,
    outfile,
    splitting: false,
    sourcemap: false,
    target: 'node20', // The oldest on which the project runs.
  });
}

/** @returns {import('esbuild').BuildOptions[]} one for the extension host, one for the webview. */
function bundles({ minify, watch }) {
  /** @type {import('esbuild').BuildOptions} */
  const shared = {
    absWorkingDir: project,
    bundle: true,
    format: 'esm',
    // "[watch] build finished": tells VS Code's task that F5 may start.
    logLevel: watch ? 'info' : 'warning',
    minify,
    sourcemap: minify ? false : 'linked',
  };
  const extension = {
    ...shared,
    entryPoints: ['src/extension.ts'],
    outdir: 'dist',
    chunkNames: 'chunk-[hash]',
    splitting: true,
    platform: 'node',
    target: 'node22', // The extension host of the oldest supported VS Code, 1.101.
    mainFields: ['module', 'main'],
    external: ['vscode'],
    alias: {
      // Its build for Node looks up process.env at every token: a third slower.
      yaml: join(project, 'node_modules/yaml/browser/index.js'),
    },
    banner: { js: commonJsGlobals },
    plugins: [withoutUnusedApi, withoutNeverRun],
  };
  const webview = {
    ...shared,
    entryPoints: ['webview/main.ts'],
    outdir: 'dist/webview',
    platform: 'browser',
    target: 'es2022',
  };
  return existsSync(join(project, 'webview/main.ts')) ? [extension, webview] : [extension];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const flags = process.argv.slice(2);
  await build({ minify: flags.includes('--minify'), watch: flags.includes('--watch') });
}
