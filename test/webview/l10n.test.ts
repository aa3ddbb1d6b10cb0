import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { messagesIn, untranslated, webviewSources } from './literals';

const bundle = JSON.parse(readFileSync('l10n/bundle.l10n.json', 'utf8')) as object;

function source(text: string): ts.SourceFile {
  return ts.createSourceFile('webview/x.ts', text, ts.ScriptTarget.Latest, true);
}

suite('texts of the webview', () => {
  for (const file of webviewSources()) {
    test(`${file.fileName}: no text that a user reads goes past l10n.t`, () => {
      assert.deepEqual(untranslated(file), []);
    });

    test(`${file.fileName}: its texts are in the bundle (npm run l10n)`, () => {
      const missing = messagesIn(file).filter((message) => !Object.hasOwn(bundle, message));
      assert.deepEqual(missing, []);
    });
  }

  test('what goes past is found', () => {
    for (const text of [
      `button('Zoom out', () => 0);`,
      `const x = pinned ? 'Pinned' : l10n.t('Pin');`,
      `html('p', {}, 'node');`,
      `html('p', { 'aria-label': 'steps' });`,
      `element.textContent = 'all';`,
      'const x = `${n} of new connections`;',
      `choices.push({ id: '', label: 'All' });`,
    ]) {
      assert.equal(untranslated(source(text)).length, 1, text);
    }
  });

  test('what no user reads is not', () => {
    for (const text of [
      `html('p', { class: 'step depth', role: 'status' });`,
      `if (event.key === 'ArrowDown') fail('Not understood.');`,
      `import { x } from './toolbar of';`,
      `element.querySelector('.step [aria-selected=true]');`,
      `l10n.t('Zoom out');`,
    ]) {
      assert.deepEqual(untranslated(source(text)), [], text);
    }
  });
});
