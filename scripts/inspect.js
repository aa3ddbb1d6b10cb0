/**
 * `npm run inspect -- COMMAND ...`: the command line, as one bundle. To load its thousand modules one
 * by one takes longer than most commands run, so it is bundled when a source is newer than the bundle.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));
const sources = ['src', 'scripts/build.js', 'package-lock.json'].map((path) => join(project, path));
const bundle = join(project, 'out/inspect/main.js');

if (!existsSync(bundle) || changed(sources) > statSync(bundle).mtimeMs) await bundleAnew();
await import(pathToFileURL(bundle).href);

/** Another process may be reading the bundle, or making it, too: it is put in its place whole. */
async function bundleAnew() {
  const { buildProgram } = await import('./build.js');
  const began = new Date(); // What changes from now on is newer than the bundle.
  mkdirSync(dirname(bundle), { recursive: true });
  const made = `${bundle}.${process.pid}`;
  await buildProgram('src/inspect/main.ts', made);
  utimesSync(made, began, began);
  renameSync(made, bundle);
}

/** When the last of these, or of what is in them, changed: folders, too, since a file may go. In ms. */
function changed(paths) {
  return Math.max(
    ...paths.map((path) => {
      const found = statSync(path);
      if (!found.isDirectory()) return found.mtimeMs;
      return Math.max(found.mtimeMs, changed(readdirSync(path).map((name) => join(path, name))));
    }),
  );
}
