import assert from 'node:assert/strict';
import { foldsOf, outlineOf, type OutlineItem } from '../../../src/language/node/outline';
import type { NodeText } from '../../../src/language/node/word';
import { textLines } from '../../../src/syntax/textLines';
import { finish } from '../../../src/core/work';
import { sampleContext } from './context';

function outline(language: NodeText['language'], text: string): readonly OutlineItem[] {
  return finish(outlineOf({ language, source: 'dump', lines: textLines(text) }));
}

/** `TCP 10.96.0.1:443 (rr) > 10.0.0.1:1 (Masq, weight 1)`. */
function words(items: readonly OutlineItem[]): string[] {
  return items.flatMap(({ name, detail, children }) => [
    `${name} (${detail})`,
    ...words(children).map((child) => `> ${child}`),
  ]);
}

suite('outlines of node dumps', () => {
  test('virtual servers and their real servers, of ipvsadm -Ln and -Sn and hex', () => {
    const expected = ['TCP 10.96.0.1:443 (rr, persistent 600)', '> 10.0.0.1:1 (Masq, weight 0)'];
    const listing = 'TCP  10.96.0.1:443 rr persistent 600\n  -> 10.0.0.1:1 Masq 0 0 0\n';
    assert.deepEqual(words(outline('ipvsadm', listing)), expected);
    const saved = '-A -t 10.96.0.1:443 -s rr -p 600\n-a -t 10.96.0.1:443 -r 10.0.0.1:1 -m -w 0\n';
    assert.deepEqual(words(outline('ipvsadm', saved)), expected);
    const hex =
      'Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n' +
      'TCP  0A600001:01BB rr persistent 150000 FFFFFFFF\n  -> 0A000001:0001      Masq    0      0          0\n';
    assert.deepEqual(words(outline('ipvsadm', hex)), expected);
  });

  test('a server of ipvsadm -Sn is of the service that it names, in whatever order and form', () => {
    const saved = [
      '-A -t 10.96.0.1:443 -s rr',
      '-A -t 10.96.0.2:443 -s rr',
      '--add-server --tcp-service 10.96.0.1:443 --real-server 10.0.0.1:1 -m -w 1',
      '-a -t 10.96.0.2:443 -r 10.0.0.2:1 -m -w 1',
      '-a -t 10.96.0.1:443 -r 10.0.0.3:1 -m -w 1',
    ];
    assert.deepEqual(words(outline('ipvsadm', `${saved.join('\n')}\n`)), [
      'TCP 10.96.0.1:443 (rr)',
      '> 10.0.0.1:1 (Masq, weight 1)',
      '> 10.0.0.3:1 (Masq, weight 1)',
      'TCP 10.96.0.2:443 (rr)',
      '> 10.0.0.2:1 (Masq, weight 1)',
    ]);
  });

  test('blanks lost in a paste, firewall marks, statistics; connections have no outline', () => {
    assert.deepEqual(words(outline('ipvsadm', 'FWM  7 wlc\n-> [fd00::1]:0 Route 2 0 0\n')), [
      'FWM 7 (wlc)',
      '> [fd00::1]:0 (Route, weight 2)',
    ]);
    const stats =
      'Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n  -> RemoteAddress:Port\n' +
      'TCP  10.96.0.1:443                       1        2        3        4        5\n';
    assert.deepEqual(words(outline('ipvsadm', stats)), ['TCP 10.96.0.1:443 ()']);
    const connection = 'TCP 01:53 TIME_WAIT 10.244.0.4:58956 10.96.0.1:443 192.168.77.1:6443\n';
    assert.deepEqual(outline('ipvsadm', connection), []);
  });

  test('sets and their elements, saved and listed', async () => {
    for (const name of ['ipset-save.txt', 'ipset-list.txt']) {
      const items = finish(outlineOf((await sampleContext(name, 'ipset')).text));
      assert.equal(items.length, 34, name);
      const own = items.find((item) => item.name === 'KUBE-CLUSTER-IP')!;
      assert.equal(own.detail, 'hash:ip,port, 47');
      assert.equal(own.children.length, 47);
      assert.equal(own.children.at(-1)!.line, own.last);
    }
  });

  test('of more elements than anybody reads the sets alone, with their last lines; pauses at each', () => {
    const text = (count: number) =>
      `create A hash:ip family inet\n${Array.from({ length: count }, (_, i) => `add A 10.0.${i >> 8}.${i & 255}\n`).join('')}`;
    const [large] = outline('ipset', text(20_001));
    assert.deepEqual([large?.children.length, large?.last], [0, 20_001]);
    const lines = textLines(text(2000));
    const work = outlineOf({ language: 'ipset', source: 'dump', lines });
    let pauses = 0;
    let step = work.next();
    for (; !step.done; step = work.next()) pauses++;
    assert.equal(step.value[0]?.children.length, 2000);
    // A line each when it is read, and an element each when its row is made.
    assert.ok(pauses >= 4000, String(pauses));
  });

  test('devices and their addresses; what folds', () => {
    const text =
      '1: lo: <UP> mtu 65536\n    link/loopback 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n\n2: eth0: <UP> mtu 1500\n';
    const items = outline('ip-address', text);
    assert.deepEqual(words(items), ['lo (UP)', '> 127.0.0.1/8 (host)', 'eth0 (UP)']);
    assert.deepEqual(foldsOf(items), [[0, 2]]);
    assert.deepEqual(outline('ip-address', 'default via 192.168.77.1 dev eth0\n'), []);
  });
});
