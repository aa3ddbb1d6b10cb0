import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../../src', import.meta.url));

/** The modules that are read when the extension is activated, as paths below src, and packages by name. */
function readAtActivation(): ReadonlySet<string> {
  const read = new Set<string>();
  const open = [join(src, 'extension.ts')];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const name = relative(src, path);
    if (read.has(name)) continue;
    read.add(name);
    const text = readFileSync(path, 'utf8');
    for (const [, from = ''] of text.matchAll(
      /^(?:import|export)(?! type\b)[^'"();]*['"]([^'"]+)['"];$/gm,
    )) {
      if (!from.startsWith('.')) read.add(from);
      else {
        const target = join(dirname(path), from);
        open.push(existsSync(`${target}.ts`) ? `${target}.ts` : join(target, 'index.ts'));
      }
    }
  }
  return read;
}

suite('activation', () => {
  const read = readAtActivation();

  test('reads what registers the features', () => {
    for (const name of [
      'language/index.ts',
      'explorer/index.ts',
      'packetTrace/hover.ts',
      'vscode',
    ]) {
      assert.ok(read.has(name), name);
    }
  });

  test('reads neither the tracer nor the checks nor what speaks to a cluster', () => {
    const heavy =
      /^(?:core\/(?:trace\/(?:journey|tracer|walk)|packetTrace|findings\/all|expected|proxyconfig\/check|flow\/(?:graph|merge))|syntax\/packetTrace|cluster\/(?:live\/(?!race)|snapshot\/|bundle\/)|js-yaml|yaml|ws|web-tree-sitter|@kubernetes)/;
    assert.deepEqual(
      [...read].filter((name) => heavy.test(name)),
      [],
    );
  });
});
