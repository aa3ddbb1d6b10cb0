import assert from 'node:assert/strict';
import { checks } from '../../../src/core/findings/all';
import { checkNode, runChecks } from '../../../src/core/findings/checkNode';
import { drawPacketGraph } from '../../../src/core/flow/packetGraph';
import { parsePacket } from '../../../src/core/packetText';
import type { NodeState } from '../../../src/core/node';
import { finish } from '../../../src/core/work';
import { nodeOf } from '../flow/sampleNode';
import { node } from '../trace/helper';
import { edited, rules } from './cases/case';
import { routed } from './cases/small';
import type { Files } from './checkText';

/** How many rules are decoded at most between two pauses of a work, asked of the chain itself. */
function mostBetweenPauses(state: NodeState, work: (state: NodeState) => Iterator<unknown>) {
  let decoded = 0;
  for (const { tables } of state.rulesets) {
    for (const { chains } of tables.values()) {
      for (const chain of chains.values()) {
        const own = chain.rule.bind(chain);
        chain.rule = (i) => {
          decoded++;
          return own(i);
        };
      }
    }
  }
  let most = 0;
  for (const steps = work(state); steps.next().done !== true;) {
    most = Math.max(most, decoded);
    decoded = 0;
  }
  return Math.max(most, decoded);
}

const firewall = (count: number) =>
  [
    '*filter',
    ':FORWARD ACCEPT [0:0]',
    ...Array.from({ length: count }, (_, i) => `-A FORWARD -p udp --dport ${i + 1} -j DROP`),
  ].join('\n');

/** Of a Service without endpoints, which no check traces. */
const service = 'KUBE-SVC-AAAAAAAAAAAAAAAA';

/** The small node with hundreds of rules in each chain that some check reads. */
function longNode(
  chainsOfServices: readonly string[],
  more: Files,
): Promise<{ readonly node: NodeState }> {
  const many = (chains: readonly string[], rest: string) =>
    chains
      .flatMap((chain) =>
        Array.from(
          { length: 300 },
          (_, i) => `-A ${chain} -p udp -m udp --dport ${i + 1} ${rest}\n`,
        ),
      )
      .join('');
  const filter = ['INPUT', 'FORWARD', 'KUBE-FIREWALL', 'KUBE-FORWARD', 'KUBE-EXTERNAL-SERVICES'];
  const nat = [
    'PREROUTING',
    'POSTROUTING',
    'KUBE-POSTROUTING',
    'KUBE-NODE-PORT',
    'CNI-HOSTPORT-DNAT',
  ];
  const toService = `-m comment --comment "default/whoami" -j ${service}`;
  const text = edited(routed, [
    [rules, /^-A INPUT/m, `${many(filter, '-j LOG')}$&`],
    [rules, /^-A PREROUTING/m, `${many(nat, '-j LOG')}-A PREROUTING -j CNI-HOSTPORT-DNAT\n$&`],
    ...(chainsOfServices.length > 0
      ? [[rules, /^-A KUBE-SERVICES/m, `${many(chainsOfServices, toService)}$&`] as const]
      : []),
    [rules, 'COMMIT\n*filter', `${many(['PREROUTING'], '-j LOG')}$&`],
    ['sysctl.txt', '', 'net.ipv4.conf.all.route_localnet = 1\n'],
  ]);
  return nodeOf(new Map(Object.entries({ ...text, ...more })));
}

suite('chains of kube-proxy and of firewalls, hundreds of rules long', () => {
  const ofIpvs: Files = {
    'proxyMode.txt': 'ipvs',
    'ipset-save.txt':
      'create KUBE-LOOP-BACK hash:ip,port,ip family inet\ncreate KUBE-NODE-PORT-TCP bitmap:port range 0-65535\nadd KUBE-NODE-PORT-TCP 30089\n',
    'ip-addr.txt': `${routed['ip-addr.txt']}4: kube-ipvs0: <NOARP> mtu 1500\n    inet 10.96.0.1/32 scope global kube-ipvs0\n`,
  };
  for (const [mode, more] of [
    ['iptables', {}],
    ['ipvs', ofIpvs],
  ] as const) {
    // In ipvs mode KUBE-SERVICES has a handful of rules, however many Services there are.
    const ofServices = mode === 'ipvs' ? [] : ['KUBE-SERVICES', 'KUBE-NODEPORTS'];
    test(`each check of ${mode} mode pauses within them`, async () => {
      const { node: state } = await longNode(ofServices, more);
      finish(checkNode(state));
      let read = 0;
      for (const check of checks) {
        const most = mostBetweenPauses(state, () => runChecks(state, [check]));
        assert.ok(most <= 200, `${check.code}: ${most} rules between two pauses`);
        if (most > 0) read++;
      }
      assert.ok(read >= 10, `only ${read} checks read a rule`);
    });
  }
});

suite('chains of a firewall with thousands of rules', () => {
  test('checks pause however long a chain is', () => {
    const most = mostBetweenPauses(node({ rules: firewall(3000) }), (state) => checkNode(state));
    assert.ok(most > 0 && most <= 200, `${most} rules between two pauses`);
  });

  test('a trace pauses however long a chain is', () => {
    const request = parsePacket('10.244.1.7:40000 > 8.8.8.8:80/tcp in cni0')!;
    const most = mostBetweenPauses(node({ rules: firewall(3000) }), (state) =>
      drawPacketGraph(state, request),
    );
    assert.ok(most > 0 && most <= 250, `${most} rules between two pauses`);
  });

  test('a way that thousands of unknowns lead to names some of them', () => {
    const rules = [
      '*filter',
      ':FORWARD ACCEPT [0:0]',
      ...Array.from(
        { length: 50 },
        (_, i) => `-A FORWARD -m recent --rcheck --name r${i} --rsource -j DROP`,
      ),
    ].join('\n');
    const request = parsePacket('10.244.1.7:40000 > 8.8.8.8:80/tcp in cni0')!;
    const work = drawPacketGraph(node({ rules }), request);
    let step = work.next();
    while (!step.done) step = work.next();
    const texts = step.value.graph.entries.flatMap(({ steps }) => steps.map(({ text }) => text));
    assert.ok(texts.some((text) => /; and 40 more$/.test(text)));
    assert.ok(texts.every((text) => text.length < 2000));
  });
});
