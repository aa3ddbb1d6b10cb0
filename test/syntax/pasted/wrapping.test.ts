import assert from 'node:assert/strict';
import { unwrapped } from '../../../src/syntax/pasted/wrapping';

/** A rule of so many characters. */
const rule = (length: number, name = 'A') =>
  `-A ${name} -m comment --comment "`.padEnd(length - 1, 'x') + '"';

/** Cut as a terminal does. */
const cut = (line: string, width: number) => line.match(new RegExp(`.{1,${width}}`, 'g'))!;

const without = (lines: readonly string[]) => unwrapped(lines).filter((line) => line !== '');

suite('lines that a terminal cut at its width', () => {
  test('widths from 60 to 320 columns, where two lines are cut there', () => {
    for (const [width, isCut] of [
      [59, false],
      [60, true],
      [120, true],
      [320, true],
      [321, false],
    ] as const) {
      const lines = [rule(width + 20), rule(width + 30, 'B')];
      const wrapped = lines.flatMap((line) => cut(line, width));
      assert.deepEqual(
        unwrapped(wrapped),
        isCut ? [lines[0], '', lines[1], ''] : wrapped,
        String(width),
      );
    }
  });

  test('one line alone may be that long by chance, but at 80 columns', () => {
    for (const width of [79, 81]) {
      const lines = [...cut(rule(width + 9), width), 'COMMIT'];
      assert.deepEqual(unwrapped(lines), lines, String(width));
    }
    assert.deepEqual(unwrapped([...cut(rule(89), 80), 'COMMIT']), [rule(89), '', 'COMMIT']);
  });

  test('over several lines, each of them full', () => {
    const long = rule(250);
    const other = rule(170, 'B');
    assert.deepEqual(unwrapped([...cut(long, 80), ...cut(other, 80)]), [
      long,
      '',
      '',
      '',
      other,
      '',
      '',
    ]);
  });

  test('a blank at the edge was lost in copying', () => {
    const head = `${'-A A -m comment --comment "'.padEnd(74, 'x')}" -j`;
    assert.equal(head.length, 78);
    const full = (text: string) => text.padEnd(80, 'x');
    const other = full('-A B -m comment --comment "');
    const lines = [`${head} `.trimEnd().padEnd(79, 'y'), 'KUBE-A', other, 'y" -j B'];
    assert.deepEqual(without(lines), [`${lines[0]} KUBE-A`, `${other}y" -j B`]);
  });

  test('what begins a line of its own is no rest of one', () => {
    const full = rule(80);
    for (const next of [
      'COMMIT',
      ':A - [0:0]',
      '*filter',
      '# Completed',
      'Chain A (1 references)',
      '-N A',
      '',
      '$ ls',
      '-A C -j D',
      'add KUBE-A 10.0.0.1',
      'target     prot',
      '    pkts bytes target',
    ]) {
      const lines = [full, next, full, next];
      assert.deepEqual(unwrapped(lines), lines, next);
    }
    assert.deepEqual(unwrapped([full, 'rest', full, 'rest']), [
      `${full}rest`,
      '',
      `${full}rest`,
      '',
    ]);
  });

  test('the long lines of each kind of dump', () => {
    for (const line of [
      '[12:720] -I A -s 10.0.0.1/32',
      'tcp      6 431999 ESTABLISHED src=10.0.0.1',
      'ipv4     2 tcp      6 431999 ESTABLISHED',
      'create KUBE-A hash:ip family inet',
      '12K  720K KUBE-A  tcp  --  *  *',
      'KUBE-SERVICES  all  --  anywhere',
      'Nov 30 01:02:03 node kernel: TRACE: raw:PREROUTING:policy:2',
      '2: eth0: <BROADCAST,UP> mtu 1500',
      '    inet6 fd00::1/64 scope global',
      'default via 10.0.0.1 dev eth0',
      '10.244.0.0/24 dev cni0 proto kernel',
      'fd00::/64 dev cni0 proto kernel',
      'local 10.0.0.1 dev eth0 table local',
    ]) {
      const full = `${line} `.padEnd(80, 'x');
      assert.deepEqual(without([full, 'rest', full, 'rest']), [`${full}rest`, `${full}rest`], line);
    }
    const prose = 'Somebody wrote this, and it is long, '.padEnd(80, 'x');
    assert.deepEqual(unwrapped([prose, 'rest', prose, 'rest']), [prose, 'rest', prose, 'rest']);
  });
});

suite('lines that a mail wrapped between words', () => {
  const words = (width: number, ...lines: readonly string[]) =>
    lines.flatMap((line) => {
      const all = [''];
      for (const word of line.split(' ')) {
        const last = all.at(-1)!;
        if (last === '') all[all.length - 1] = word;
        else if (last.length + 1 + word.length <= width) all[all.length - 1] = `${last} ${word}`;
        else all.push(word);
      }
      return all;
    });
  const one =
    '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "default/kubernetes:https cluster IP" -m tcp --dport 443 -j KUBE-SVC-A';
  const two = one.replace('10.96.0.1/', '10.96.0.10/').replace('kubernetes:https', 'dns');

  test('at 60 to 100 columns, where two lines are', () => {
    for (const width of [66, 72, 78, 99]) {
      const lines = words(width, one, two);
      assert.ok(lines.length > 2);
      assert.deepEqual(without(lines), [one, two], String(width));
    }
    for (const width of [50, 120]) {
      const lines = words(width, one, two);
      assert.deepEqual(unwrapped(lines), lines, String(width));
    }
    const alone = [...words(72, one), 'COMMIT'];
    assert.deepEqual(unwrapped(alone), alone);
  });

  test('not where the next word had room on the line above', () => {
    const loose = [one.slice(0, 72), 'short', two.slice(0, 50), 'x'];
    assert.deepEqual(unwrapped(loose), loose);
  });

  test('a blank at the end of a line is the one between the words', () => {
    const lines = words(72, one, two).map((line) => `${line} `);
    assert.deepEqual(
      without(lines).map((line) => line.trimEnd()),
      [one, two],
    );
  });

  test('what stands around the lines stays', () => {
    const text = ['Hi,', '', ...words(72, one, two), '', 'thanks', 'me'];
    assert.deepEqual(without(text), ['Hi,', one, two, 'thanks', 'me']);
  });
});
