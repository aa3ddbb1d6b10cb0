import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../../src', import.meta.url));

/** The modules that are read with one of src, as paths below src, and packages by name. */
function readWith(entry: string): ReadonlySet<string> {
  const read = new Set<string>();
  const open = [join(src, entry)];
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
  const read = readWith('features.ts');

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

  test('nothing makes a text before the language is known: the bundle has shared files run first', () => {
    const first = [...readWith('extension.ts')].filter((name) => name.endsWith('.ts'));
    assert.ok(first.includes('l10n.ts'));
    const texts = first.filter((name) =>
      readFileSync(join(src, name), 'utf8').includes("from '@vscode/l10n'"),
    );
    assert.deepEqual(texts, ['l10n.ts']);
  });
});
