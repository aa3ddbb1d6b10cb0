import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

suite('generated grammars', () => {
  for (const folder of readdirSync('syntaxes').filter((name) => name.startsWith('tree-sitter-'))) {
    const list = join('syntaxes', folder, 'generated.sha256');
    test(`${folder}: parser.c and wasm are of this grammar.js`, () => {
      const lines = readFileSync(list, 'utf8').trim().split('\n');
      assert.ok(lines.length >= 3);
      for (const line of lines) {
        const [hash, file] = line.split(/\s+/) as [string, string];
        const bytes = readFileSync(join(dirname(list), file));
        assert.equal(
          createHash('sha256').update(bytes).digest('hex'),
          hash,
          `${file} has changed: run scripts/regenerate-grammars.sh`,
        );
      }
    });
  }
});
