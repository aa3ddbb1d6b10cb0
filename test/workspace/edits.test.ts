import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LineIndex } from '../../src/syntax/iptables/lines/lineIndex';
import { applyChanges, type TextChange } from '../../src/workspace/edits';

const lines = [
  '*nat',
  ':KUBE-SERVICES - [0:0]',
  '-A KUBE-SERVICES -j KUBE-SVC-A',
  '-A KUBE-SVC-A -g KUBE-SEP-A',
  'COMMIT',
  '',
  '# done',
];

function indexOf(texts: readonly string[]): LineIndex {
  const index = new LineIndex();
  for (const text of texts) index.append(text);
  return index;
}

function facts(index: LineIndex): string[] {
  return Array.from({ length: index.count }, (_, line) =>
    [
      index.kind(line),
      index.names.text(index.chain(line)),
      index.names.text(index.target(line)),
      index.isGoto(line),
    ].join(' '),
  );
}

/** One change to `texts`, as VS Code tells it, and the texts after it. */
function change(texts: readonly string[], from: number, column: number, to: number, text: string) {
  const start = texts[from]!.slice(0, column);
  const end = texts[to]!.slice(column);
  return {
    change: { range: { start: { line: from }, end: { line: to } }, text } satisfies TextChange,
    after: [
      ...texts.slice(0, from),
      ...(start + text + end).split(/\r\n|\r|\n/),
      ...texts.slice(to + 1),
    ],
  };
}

suite('edits', () => {
  test('two cursors on one line: VS Code tells the last place first', () => {
    const index = indexOf(['-A X -j Y', 'COMMIT']);
    const changes = [
      { range: { start: { line: 0 }, end: { line: 0 } }, text: 'Z\n' },
      { range: { start: { line: 0 }, end: { line: 0 } }, text: 'W' },
    ];
    const after = ['-A XW -j YZ', '', 'COMMIT'];
    applyChanges(index, changes, (line) => after[line]!);
    assert.deepEqual(facts(index), facts(indexOf(after)));
  });

  test('the index after edits is the index of the text after edits', () => {
    const edit = fc.record({
      from: fc.nat(20),
      length: fc.nat(3),
      column: fc.nat(12),
      text: fc.constantFrom('', 'x', '\n', '-A KUBE-SVC-A -j DNAT\n', 'COMMIT\r\n*filter\n', '\r'),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const index = indexOf(lines);
        let texts: readonly string[] = lines;
        const changes: TextChange[] = [];
        for (const { from, length, column, text } of edits) {
          const start = Math.min(from, texts.length - 1);
          const made = change(
            texts,
            start,
            column,
            Math.min(start + length, texts.length - 1),
            text,
          );
          changes.push(made.change);
          texts = made.after;
        }
        applyChanges(index, changes, (line) => texts[line]!);
        assert.deepEqual(facts(index), facts(indexOf(texts)));
      }),
    );
  });
});
