/**
 * `npm run package`: packs the .vsix and prints what is in it. Fails on any warning of vsce, and
 * above the size limit.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';

const limitBytes = 1300 * 1024;
const project = fileURLToPath(new URL('..', import.meta.url));
const { name, version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
const vsix = join(project, `${name}-${version}.vsix`);

let warnings = 0;
const { warn } = console;
console.warn = (...args) => {
  // It takes the bundle's chunks, which are read when they are first needed, for sources.
  if (!/out of which \d+ are JavaScript files/.test(args.join(' '))) warnings += 1;
  warn(...args);
};
await createVSIX({
  cwd: project,
  packagePath: vsix,
  dependencies: false, // They are bundled: vsce runs the script vscode:prepublish first.
  allowMissingRepository: true,
  rewriteRelativeLinks: false, // The README's pictures are in the package.
});

for (const file of await listFiles({ cwd: project, packageManager: PackageManager.None })) {
  console.log(`${kilobytes(statSync(join(project, file)).size).padStart(8)} ${file}`);
}
const { size } = statSync(vsix);
console.log(`${kilobytes(size)}, at most ${kilobytes(limitBytes)} are allowed: ${vsix}`);
if (warnings > 0 || size > limitBytes) {
  console.error(warnings > 0 ? 'vsce warns, see above.' : 'The package is too large.');
  process.exitCode = 1;
}

function kilobytes(bytes) {
  return `${Math.ceil(bytes / 1024)} KB`;
}
