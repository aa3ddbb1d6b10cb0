import assert from 'node:assert/strict';
import { hostTold } from '../../../src/syntax/dumps/hostMarks';
import { hostOf } from '../../../src/syntax/node/hostOf';

suite('the host that printed a dump', () => {
  test('a shell prompt names it', () => {
    for (const [head, name] of [
      ['root@node-a:~# iptables-save\n', 'node-a'],
      ['[root@node-a.lan ~]# ip addr\n', 'node-a.lan'],
      ['# saved\nubuntu@ip-10-0-0-5 $ ip addr\n', 'ip-10-0-0-5'],
      ['mail root@node-a: hello\n', undefined],
      ['root@node-a\n', undefined],
      ['', undefined],
    ] as const) {
      assert.equal(hostTold(head), name, head);
      assert.equal(hostOf(head).name, name, head);
    }
  });

  test('addresses of its own devices, from ip addr and from the sources of its routes', () => {
    const { addresses } = hostOf(
      [
        '1: lo: <LOOPBACK,UP>',
        '    inet 127.0.0.1/8 scope host lo',
        '2: eth0@if9: <BROADCAST,UP> mtu 1500',
        '    inet 10.0.0.5/24 scope global eth0',
        '    inet 10.0.0.6/24 scope global secondary eth0',
        '3: kube-ipvs0: <NOARP>',
        '    inet 10.96.0.1/32 scope global kube-ipvs0',
        '10.1.0.0/24 dev eth1 proto kernel scope link src 10.1.0.5',
        '10.2.0.0/24 dev cali1234 scope link src 10.2.0.5',
        '10.3.0.0/24 via 10.0.0.1 src 10.3.0.5',
        'default via 10.0.0.1 dev eth2',
      ].join('\n'),
    );
    assert.deepEqual(
      [...addresses],
      [
        ['eth0', ['10.0.0.5', '10.0.0.6']],
        ['eth1', ['10.1.0.5']],
      ],
    );
  });

  test('is another one by its name; without names, by other addresses of one device', () => {
    const eth0 = (...addresses: string[]) =>
      `2: eth0: <UP>\n${addresses.map((one) => `    inet ${one}/24 scope global eth0\n`).join('')}`;
    const prompt = (name: string) => `root@${name}:~# ip addr\n`;
    const isNot = (one: string, other: string) => hostOf(one).isNot(hostOf(other));
    assert.equal(isNot(prompt('a'), prompt('b')), true);
    assert.equal(isNot(prompt('a'), prompt('a')), false);
    // A host has its name, whatever addresses it had at the time.
    assert.equal(isNot(prompt('a') + eth0('10.0.0.5'), prompt('a') + eth0('10.0.0.6')), false);
    assert.equal(isNot(prompt('a') + eth0('10.0.0.5'), eth0('10.0.0.5')), false);
    assert.equal(isNot(prompt('a') + eth0('10.0.0.5'), eth0('10.0.0.6')), true);
    assert.equal(isNot(eth0('10.0.0.5'), eth0('10.0.0.6')), true);
    assert.equal(isNot(eth0('10.0.0.5', '10.0.0.7'), eth0('10.0.0.6', '10.0.0.7')), false);
    const eth1 = '10.1.0.0/24 dev eth1 proto kernel scope link src 10.1.0.5\n';
    assert.equal(isNot(eth0('10.0.0.5'), eth1), false);
    assert.equal(isNot(eth0('10.0.0.5') + eth1, eth1 + eth0('10.0.0.6')), true);
    assert.equal(isNot('', ''), false);
  });
});
