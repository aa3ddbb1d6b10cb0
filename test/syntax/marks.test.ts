import assert from 'node:assert/strict';
import { encodingOf } from '../../src/syntax/decodeText';
import { isLeftOutMark } from '../../src/syntax/leftOut';
import { portNumber } from '../../src/syntax/portNames';
import { isShellPrompt } from '../../src/syntax/shellPrompt';

/** Each of the lines is one, or none is. */
function each(is: (line: string) => boolean, expected: boolean, lines: readonly string[]): void {
  for (const line of lines) assert.equal(is(line), expected, JSON.stringify(line));
}

suite('what surrounds a dump', () => {
  test('a prompt of a shell', () => {
    each(isShellPrompt, true, [
      ...['$', '$ ls', '# ls', '% ls', '/ # ls', '~ $ ls', '/tmp $ ls', '~/x $ ls'],
      ...['root@node:~# ls', 'root@node:~#', 'user@host:/tmp$ ls', 'user@host /tmp$ ls'],
      ...['[root@node ~]# ls', '[root@node ~]$ ls', 'sh-5.1# ls', 'bash-5.1$ ls', 'node:/tmp$ ls'],
      ...['node:~$ ls', 'node-1.example# ls', '(venv) user@host % ls', '(a.b-c) $ ls'],
      ...['PS C:\\> ls', 'PS C:\\Users\\me> ls', '+ ls', '➜  ~ ls', '❯ ls', 'λ ls', '» ls', '❯'],
      ...['┌──(root㉿kali)-[~]', '╭─user', '└─# ls', '╰─$ ls', '└──╼ $ls', '  $ ls'],
    ]);
    each(isShellPrompt, false, [
      ...['', 'hello', 'a b $ ls', '$ls', '$5', '#1', '[0:0] -A X', '[5:300]', '+', '+1', '❯x'],
      ...['PS', 'PS C: ls', 'PS c:\\> ls', 'a,b $ x', 'x PS C:\\> ls', 'reject # handle 7'],
      ...['    ip daddr 10.0.0.1 reject # handle 12', 'x ❯ ls', 'x ┌─', `${'a'.repeat(300)}# ls`],
    ]);
    // `handle` is a command like another where no number ends the line.
    assert.equal(isShellPrompt('node # handle 7 x'), true);
    assert.equal(isShellPrompt('node # handle 7'), false);
  });

  test('a mark of lines that were left out', () => {
    each(isLeftOutMark, true, [
      ...['...', '# ...', '[...]', '# ... (more rules)', '……', '⋮', '--More--', 'more', '(MORE)'],
      ...['[snip]', 'snipped', '<truncated>', '# output omitted', 'skipped', 'trimmed', 'stripped'],
      ...['elided', '-- left out --', 'cut here', 'cut off', 'CUT OUT', 'for brevity'],
      ...['output cut', '（省略）', '略去', '截断', '（下略）', '中略', '删减'],
    ]);
    each(isLeftOutMark, false, [
      ...['', '-A X -j DROP', '..', 'fd00::1', '10.0.0.1..2', 'more rules', 'no more rules follow'],
      ...['snippet', 'uncut off', 'output', 'leftout', 'truncatedly', `${'x'.repeat(118)}...`],
      ...['123456789more', 'more123456789'],
    ]);
    assert.equal(isLeftOutMark(`${'x'.repeat(117)}...`), true);
  });

  test('a port by its number or by what /etc/services calls it', () => {
    for (const [text, port] of [
      ['0', 0],
      ['65535', 65535],
      ['99999', 99999],
      ['100000', undefined],
      ['', undefined],
      ['-1', undefined],
      ['80x', undefined],
      ['http', 80],
      ['https', 443],
      ['domain', 53],
      ['sun-sr-https', 6443],
      ['XmlIpcRegSvc', 9092],
      ['nosuch', undefined],
    ] as const) {
      assert.equal(portNumber(text), port, text);
    }
  });

  test('UTF-16 by its mark, or by the zero bytes of two characters', () => {
    for (const [bytes, encoding] of [
      [[0xff, 0xfe], 'utf-16le'],
      [[0xfe, 0xff], 'utf-16be'],
      [[0xff, 0x61], 'utf-8'],
      [[0xfe, 0xfe], 'utf-8'],
      [[0xff, 0xff], 'utf-8'],
      [[0x61, 0, 0x62, 0], 'utf-16le'],
      [[0, 0x61, 0, 0x62], 'utf-16be'],
      [[0x61, 0, 0x62], 'utf-8'],
      [[0, 0x61, 0], 'utf-8'],
      [[0x61, 0, 0, 0], 'utf-8'],
      [[0, 0, 0x62, 0], 'utf-8'],
      [[0x61, 0, 0x62, 0x63], 'utf-8'],
      [[0x61, 0x62, 0x63, 0], 'utf-8'],
      [[0, 0x61, 0, 0], 'utf-8'],
      [[0, 0, 0, 0x62], 'utf-8'],
      [[0, 0x61, 0x62, 0x63], 'utf-8'],
      [[0x61, 0x62, 0x63, 0x64], 'utf-8'],
      [[0, 0, 0, 0], 'utf-8'],
      [[], 'utf-8'],
    ] as const) {
      assert.equal(encodingOf(Uint8Array.from(bytes)), encoding, `${bytes}`);
    }
  });
});
