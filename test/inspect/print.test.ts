import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from '../../src/inspect/ask';
import { check } from '../../src/inspect/check';
import { complain } from '../../src/inspect/complain';
import { printJson } from '../../src/inspect/print';
import { tarOf } from '../cluster/bundle/archives';

/** What is printed meanwhile. */
async function printed(run: () => unknown): Promise<string> {
  const { log, error } = console;
  const lines: string[] = [];
  console.log = console.error = (line: string) => void lines.push(line);
  try {
    await run();
  } finally {
    Object.assign(console, { log, error });
  }
  return lines.join('\n');
}

/** Clears a terminal, writes from right to left, and forges a line. */
const hostile = '\u001b[2J\u202e\u0007\u009b1m\nno errors';
const rules =
  '*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j KUBE-\u001b[31mX\nCOMMIT\n*filter\nCOMMIT\n';

suite('what a terminal must not obey', () => {
  let folder: string;
  setup(() => (folder = mkdtempSync(join(tmpdir(), 'inspect-print-'))));
  teardown(() => rmSync(folder, { recursive: true }));

  function assertPlain(text: string): void {
    assert.ok(text.length > 100);
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    assert.doesNotMatch(text, /^no errors/m);
  }

  test('names of files, and of chains, in each form of an answer', async function () {
    // Others allow no such names.
    if (process.platform !== 'linux') this.skip();
    writeFileSync(join(folder, `iptables-save-a${hostile}.txt`), rules);
    writeFileSync(join(folder, 'iptables-save-b.txt'), rules);
    for (const form of [[], ['--json'], ['--sarif']]) {
      assertPlain(await printed(() => check.run([folder, ...form])));
    }
    for (const form of [[], ['--json'], ['--markdown']]) {
      assertPlain(await printed(() => ask.run([join(folder, 'b'), ...form])));
    }
    assertPlain(await printed(() => ask.run([folder])));
  });

  test('names in an archive', async () => {
    const archive = join(folder, 'x.tar');
    writeFileSync(archive, await tarOf({ [`nodes/a${hostile}/iptables-save.txt`]: rules }));
    assertPlain(await printed(() => check.run([archive])));
  });

  test('JSON has the same value; what is wrong goes to stderr in plain lines', async () => {
    const value = { name: hostile, '\u2028': ['ü', '\ufeff', '🦊'] };
    const json = await printed(() => printJson(value));
    assert.deepEqual(JSON.parse(json), value);
    assert.match(json, /\\u202e/);
    assert.match(json, /"🦊"/);
    assert.equal(
      await printed(() => complain(new Error('bad \u001b[1mname\nsecond line'))),
      'bad \ufffd[1mname\nsecond line',
    );
  });
});
