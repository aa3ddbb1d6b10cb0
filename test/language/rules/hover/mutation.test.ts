import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { hoverAt } from '../../../../src/language/rules/hover/hoverAt';
import { toMarkdown } from '../../../../src/workspace/hover/markdown';
import { openAtMarker } from '../dump';

const dumps = [
  'samples/kubernetes-1.36-iptables/node-a/iptables-save.txt',
  'test/fixtures/dumps/iptables/iptables-nat-L-nv.txt',
  'test/fixtures/dumps/iptables/iptables-nat-S-v.txt',
].map((path) => readFileSync(path, 'utf8').split('\n'));

suite('hover on broken dumps', () => {
  test('never throws, and covers the column that was asked for', async () => {
    const broken = fc.record({
      dump: fc.nat(dumps.length - 1),
      line: fc.nat(),
      column: fc.nat(300),
      at: fc.nat(300),
      removed: fc.nat(20),
      inserted: fc.oneof(
        fc.string({ maxLength: 12 }),
        fc.constantFrom('"', '! ', '--mark 0xffffffff/', ' -j ', '/0', '[::]:', '-m statistic '),
      ),
    });
    let told = 0;
    await fc.assert(
      fc.asyncProperty(broken, async ({ dump, line, column, at, removed, inserted }) => {
        const lines = dumps[dump]!;
        const first = (line % lines.length) - 8;
        // A part of the dump is enough, and makes chains that are not there.
        const part = lines.slice(Math.max(0, first), Math.max(0, first) + 16);
        const number = line % part.length;
        const written = part[number]!;
        const mutated =
          written.slice(0, at) + inserted.replace(/[\r\n|]/g, '') + written.slice(at + removed);
        const place = Math.min(column, mutated.length);
        part[number] = `${mutated.slice(0, place)}|${mutated.slice(place)}`;
        const opened = await openAtMarker(part.join('\n').replace(/\|(?=[^]*\|)/g, '')).catch(
          () => undefined,
        );
        if (!opened) return; // The marker stands outside of every dump.
        const content = hoverAt(opened.context, opened.line, opened.column);
        if (!content) return;
        assert.ok(content.start <= opened.column && opened.column <= content.end);
        assert.notEqual(toMarkdown(content.blocks).trim(), '');
        told++;
      }),
      { numRuns: 300 },
    );
    assert.ok(told > 30, `only ${told} of 300 places have a hover`);
  });
});
