import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNodeFolder } from '../../src/inspect/nodeFiles';
import { decodeText } from '../../src/syntax/decodeText';

const save = 'create S hash:ip family inet hashsize 1024 maxelem 65536\nadd S 10.0.0.1\n';

/** As PowerShell writes what is redirected, in either order of bytes. */
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const encodings: Readonly<Record<string, (text: string) => Buffer>> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-8 with its mark': (text) => Buffer.from(`\uFEFF${text}`),
  'UTF-16, little end first': (text) => utf16(`\uFEFF${text}`),
  'UTF-16, big end first': (text) => utf16(`\uFEFF${text}`).swap16(),
  'UTF-16 without its mark': utf16,
  'UTF-16, big end first, without its mark': (text) => utf16(text).swap16(),
};

suite('the bytes of a dump as text', () => {
  for (const [name, encode] of Object.entries(encodings)) {
    test(name, () => {
      assert.equal(decodeText(encode(save)), save);
      assert.equal(decodeText(encode('größe')), 'größe');
      assert.equal(decodeText(encode('')), '');
    });

    test(`${name}: beside another dump it counts as one of the node's`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'kpi-'));
      try {
        await writeFile(
          join(folder, 'iptables-save.txt'),
          '*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n',
        );
        await writeFile(join(folder, 'ipset-save.txt'), encode(save));
        const { state, unread } = await readNodeFolder(folder);
        assert.deepEqual([...(state.sets?.keys() ?? [])], ['S']);
        assert.deepEqual(unread, []);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }

  test('bytes that are neither become U+FFFD, and what is cut within a character ends so', () => {
    assert.equal(decodeText(Buffer.from([0x61, 0xff, 0x62])), 'a\uFFFDb');
    assert.equal(decodeText(utf16('\uFEFFab').subarray(0, 5)), 'a\uFFFD');
  });
});
