import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseAddress } from '../../src/core/address';
import { calledChains } from '../../src/core/flow/calledChains';
import { traceFlow } from '../../src/core/trace/tracer';
import { nodesAtTop, readNodeFolder } from '../../src/inspect/nodeFiles';
import { mostStrange } from '../../src/syntax/dumps/recognize';
import { readTraceArguments } from '../../src/inspect/traceArguments';
import { traceText } from '../../src/inspect/traceText';
import { node, packet } from '../core/trace/helper';

suite('trace arguments', () => {
  test('addresses, ports, protocol, device, state, mark', () => {
    const args =
      'dir --src 10.244.1.7:99 --dst 10.96.0.10:53/udp --in cni0 --state invalid --mark 0x4000';
    assert.deepEqual(readTraceArguments(args.split(' ')), {
      folder: 'dir',
      packet: {
        protocol: 17,
        source: parseAddress('10.244.1.7'),
        destination: parseAddress('10.96.0.10'),
        sourcePort: 99,
        destinationPort: 53,
        flags: undefined,
        inInterface: 'cni0',
      },
      state: 'INVALID',
      mark: 0x4000,
      placed: true,
      json: false,
    });
  });

  test('IPv6 with and without brackets, ping', () => {
    const read = (dst: string) => readTraceArguments(['d', '--src', 'fd00::7', '--dst', dst]);
    const tcp = read('[fd00::1]:443');
    assert.ok('packet' in tcp);
    assert.equal(tcp.packet.destinationPort, 443);
    const ping = read('fd00::1/icmp');
    assert.ok('packet' in ping);
    assert.equal(ping.packet.protocol, 58);
  });

  test('a bound socket is the node’s own; extension headers of IPv6', () => {
    const read = (args: string) => readTraceArguments(`d ${args}`.split(' '));
    const bound = read('--src 10.0.0.1 --dst 10.96.0.1:443 --bound eth1');
    assert.ok('packet' in bound && bound.placed);
    assert.deepEqual([bound.packet.boundDevice, bound.packet.inInterface], ['eth1', undefined]);
    const six = read('--src fd00::1 --dst [fd00::2]:443 --with frag:0+,dst');
    assert.ok('packet' in six);
    assert.deepEqual(
      six.packet.extensions?.map(({ kind }) => kind),
      ['fragment', 'destination'],
    );
  });

  for (const [args, problem] of [
    ['--src 10.0.0.1 --dst 10.0.0.2:80', /one folder/],
    ['d --src x --dst 10.0.0.2:80', /--src is an address/],
    ['d --src 10.0.0.1 --dst 10.0.0.2', /--dst is/],
    ['d --src 10.0.0.1 --dst 10.0.0.2:80/foo', /--dst is/],
    ['d --src 10.0.0.1 --dst 10.0.0.2:70000', /--dst is/],
    ['d --src 10.0.0.1 --dst 10.0.0.2:80 --flags SIN', /--flags/],
    ['d --src 10.0.0.1 --dst 10.0.0.2:80 --state OLD', /--state/],
    ['d --src 10.0.0.1 --dst 10.0.0.2:80 --mark x', /--mark/],
    ['d --src 10.0.0.1 --dst 10.0.0.2:80 --in a --bound b', /--bound/],
    ['d --src 10.0.0.1 --dst 10.0.0.2:80 --with fragment', /--with/],
    ['d --src fd00::1 --dst [fd00::2]:80 --with x', /--with/],
    ['d --foo', /--foo/],
  ] as const) {
    test(`${args}: says what is wrong`, () => {
      const read = readTraceArguments(args.split(' '));
      assert.ok('problem' in read);
      assert.match(read.problem, problem);
    });
  }
});

suite('trace text', () => {
  test('steps with marks, branches with shares, each verdict once', () => {
    const rules = `
*nat
:PREROUTING ACCEPT
-A PREROUTING -j MARK --set-xmark 0x4000/0x4000
-A PREROUTING -m statistic --mode random --probability 0.25 -j DNAT --to-destination 10.244.1.5
`;
    const to = packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0');
    const lines = traceText(traceFlow(node({ rules }), to));
    assert.deepEqual(
      lines.filter((line) => /MARK|DNAT|\?|%/.test(line)),
      [
        'prerouting  nat PREROUTING 1: MARK 0x0 -> 0x4000  (rules:3)',
        '? 25 % statistic random 0.25 holds',
        '  prerouting  nat PREROUTING 2: DNAT to 10.244.1.5:80 mark 0x4000  (rules:4)',
        '? 75 % statistic random 0.25 does not hold',
        '   25 % => ACCEPT: delivered by cni0, 10.244.1.7:40000 > 10.244.1.5:80, mark 0x4000',
        '   75 % => ACCEPT: delivered by eth0, 10.244.1.7:40000 > 8.8.8.8:80, mark 0x4000',
      ],
    );
  });

  test('a jump to a chain whose name is a hash says first what that is for', () => {
    const rules = `
*nat
:PREROUTING ACCEPT
:KUBE-SVC-TCOU7JCQXEZGVUNU -
-A PREROUTING -m comment --comment "kube-system/kube-dns:dns cluster IP" -j KUBE-SVC-TCOU7JCQXEZGVUNU
`;
    const state = node({ rules });
    const trace = traceFlow(state, packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0'));
    const [line] = traceText(trace, (range) => range, calledChains(state)).filter((text) =>
      text.includes('jump'),
    );
    const name = 'Service kube-system/kube-dns:dns (jump KUBE-SVC-TCOU7JCQXEZGVUNU)';
    assert.equal(line, `prerouting  nat PREROUTING 1: ${name}  (rules:4)`);
  });
});

suite('node folder', () => {
  let folder = '';
  setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'node-'));
  });
  teardown(() => rmSync(folder, { recursive: true }));

  test('reads what is there, and says what is missing', async () => {
    writeFileSync(join(folder, 'iptables-save.txt'), '*filter\n:INPUT DROP [0:0]\nCOMMIT\n');
    const { state } = await readNodeFolder(folder);
    assert.deepEqual(
      state.rulesets.map(({ tables }) => [...tables.keys()]),
      [['filter']],
    );
    assert.ok(state.missing?.some(({ part }) => part === 'routes'));
  });

  test('a gzipped dump that is cut costs itself alone, and says so', async () => {
    const rules = '*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n'.repeat(100);
    writeFileSync(join(folder, 'iptables-save.txt'), rules);
    writeFileSync(join(folder, 'ip-addr.txt.gz'), gzipSync('1: lo: <UP> mtu 1\n').subarray(0, 20));
    const { state } = await readNodeFolder(folder);
    assert.equal(state.rulesets.length > 0, true);
    const addresses = state.missing?.find(({ part }) => part === 'interfaces');
    assert.match(JSON.stringify(addresses), /unexpected end of file/);
  });

  test('files without end beside the dumps: as many are looked into as a node may have', async () => {
    writeFileSync(join(folder, 'iptables-save.txt'), '*filter\n:INPUT DROP [0:0]\nCOMMIT\n');
    for (let i = 0; i < mostStrange + 100; i++) writeFileSync(join(folder, `x${i}`), '');
    const [node, ...others] = await nodesAtTop(folder);
    assert.equal(others.length, 0);
    assert.equal(node?.files.length, mostStrange + 1);
    assert.ok(node.files.some(({ path }) => path === 'iptables-save.txt'));
  });

  test('an empty folder is said to be one', async () => {
    await assert.rejects(readNodeFolder(folder), /holds no dumps of a node/);
  });
});
