import assert from 'node:assert/strict';
import { atCommands, inTwo, markdown, outputs, without } from '../../../src/cluster/bundle/split';

const table = '*nat\n:KUBE-SERVICES - [0:0]\nCOMMIT\n';
const devices = '1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n';

/** `name: first line` of each output. */
const told = (found: readonly { name: string; text: string }[]) =>
  found.map(({ name, text }) => `${name}: ${text.split('\n', 1)[0]!}`);

suite('a text of several commands taken apart', () => {
  test('each output after its command, with the command, and once more with a number', () => {
    const text = [
      `$ iptables-save -t nat`,
      table,
      `$ ip addr`,
      devices,
      `$ ip -6 addr`,
      devices.replace('inet 127.0.0.1/8', 'inet6 ::1/128'),
      `$ ip addr`,
      devices,
      `$ ip addr`,
      devices,
      `$ date`,
      'Mon Nov 30',
    ].join('\n');
    assert.deepEqual(told(outputs(text)), [
      'iptables-save-nat.txt: $ iptables-save -t nat',
      'ip-addr.txt: $ ip addr',
      'ip-6-addr.txt: $ ip -6 addr',
      'ip-addr-2.txt: $ ip addr',
      'ip-addr-3.txt: $ ip addr',
    ]);
  });

  test('without commands by what the lines are, each from its own first line', () => {
    assert.deepEqual(told(outputs(devices + table)), [
      'ip-addr.txt: 1: lo: <LOOPBACK,UP> mtu 65536',
      'iptables-save.txt: *nat',
    ]);
  });

  test('at headings; lines before the first and the collector’s own are nobody’s', () => {
    const split = atCommands(/^### (.+)$/, /^took /);
    const text = `started\n### /usr/sbin/iptables -t nat -nvL\nChain A\ntook 3 s\n\n### ip addr\n\n### ss\n### ${'x'.repeat(2000)}\n1: lo:`;
    assert.deepEqual(split(text), [
      { name: 'iptables-t-nat-nvL.txt', text: 'Chain A\n' },
      { name: 'ip-addr.txt', text: '' },
      // A heading of 1,000 characters and more is none that somebody typed: its line stays.
      { name: 'ss.txt', text: `### ${'x'.repeat(2000)}\n1: lo:\n` },
    ]);
  });

  test('a page of cilium-bugtool: between the first two fences', () => {
    const page = '# iptables-save -c\n\n```\n*nat\nCOMMIT\n```\n\n```\nmore\n```\n';
    assert.deepEqual(markdown(page), [{ name: 'iptables-save-c.txt', text: '*nat\nCOMMIT\n' }]);
    const cut = '# ip a\n\n```\n1: lo:\n2: eth0:';
    assert.deepEqual(markdown(cut), [{ name: 'ip-a.txt', text: '1: lo:\n2: eth0:\n' }]);
    assert.deepEqual(markdown('```\nno command\n```\n'), []);
    assert.deepEqual(markdown('# ip a\nno fence\n'), []);
  });

  test('a second part kept out of the first, and lines left out', () => {
    const split = inTwo('ip-addr.txt', 'ip-route.txt', /^default via/m);
    assert.deepEqual(split(`${devices}default via 10.0.0.1\n`), [
      { name: 'ip-addr.txt', text: devices },
      { name: 'ip-route.txt', text: 'default via 10.0.0.1\n' },
    ]);
    assert.deepEqual(split(devices), [{ name: 'ip-addr.txt', text: devices }]);
    assert.deepEqual(without(/^took/, 'a.txt')('took 1 s\nx\ntook 2 s\n'), [
      { name: 'a.txt', text: 'x\n' },
    ]);
  });
});
