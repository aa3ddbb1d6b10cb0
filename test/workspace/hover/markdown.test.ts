import assert from 'node:assert/strict';
import { escapeMarkdown } from '../../../src/core/escapeMarkdown';
import { toMarkdown } from '../../../src/workspace/hover/markdown';

const range = (source: string) => ({ source, line: 9, start: 3, end: 8 });

suite('hover markdown', () => {
  test('hostile text of a comment stays text', () => {
    const hostile =
      '](command:workbench.action.quit) <img src=x onerror=alert(1)> **b** http://evil.example';
    const markdown = toMarkdown([[hostile]]);
    assert.equal(markdown.replaceAll('\\', '').trim(), hostile);
    // Every punctuation character is escaped: no link, tag, emphasis or bare address is left.
    assert.doesNotMatch(markdown, /(?<!\\)[[\]()<>*:/!]/);
    assert.equal(escapeMarkdown('a\n# b'), 'a \\# b');
    assert.equal(escapeMarkdown('x|y\\z'), 'x\\|y\\\\z');
    assert.equal(escapeMarkdown('默认'), '默认');
  });

  test('signs that turn the direction of writing, and control characters, are seen', () => {
    for (const sign of ['\u202e', '\u2066', '\u200b', '\u001b', '\u0000', '\ud800']) {
      assert.equal(escapeMarkdown(`a${sign}b`), 'a\ufffdb');
      assert.equal(toMarkdown([[{ code: `a${sign}b` }]]), '`a\ufffdb`');
    }
  });

  test('a code span can’t be left from within', () => {
    assert.equal(toMarkdown([[{ code: 'a`b' }]]), '`` a`b ``');
    assert.equal(toMarkdown([[{ code: '`](command:x)' }]]), '`` `](command:x) ``');
    assert.equal(toMarkdown([[{ code: 'a\nb' }]]), '`a b`');
  });

  test('links are file links to a line, without trust', () => {
    const link = (source: string) => toMarkdown([[{ link: range(source), text: 'KUBE-SVC-X' }]]);
    assert.equal(link('file:///d/save.txt'), '[KUBE\\-SVC\\-X](file:///d/save.txt#L10,4)');
    assert.equal(
      link('file:///d/a b(1).txt'),
      '[KUBE\\-SVC\\-X](file:///d/a%20b%281%29.txt#L10,4)',
    );
    assert.equal(link('untitled:Untitled-1'), 'KUBE\\-SVC\\-X');
    assert.equal(link('command:workbench.action.quit'), 'KUBE\\-SVC\\-X');
  });

  test('blocks and lists', () => {
    assert.equal(
      toMarkdown([[{ strong: 'Mark' }, ' ', { code: '0x4000' }], { items: [['a'], ['b']] }]),
      '**Mark** `0x4000`\n\n- a\n- b',
    );
  });
});
