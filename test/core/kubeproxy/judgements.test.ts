import assert from 'node:assert/strict';
import { chainKind } from '../../../src/core/kubeproxy/chainKind';
import { clusterIpsOf } from '../../../src/core/kubeproxy/ipvs/clusterIps';
import { nodePortsSeen } from '../../../src/core/kubeproxy/nodePortAddresses';
import { localTrafficSeen } from '../../../src/core/kubeproxy/localTraffic';
import { modeOf, modesInForce } from '../../../src/core/kubeproxy/mode/judge';
import { configuredTables } from '../../../src/core/kubeproxy/nftables/configured';
import { nftNameParts, nftPurpose } from '../../../src/core/kubeproxy/nftables/known';
import {
  nftChainName,
  nftChainNameHolds,
  servicePortNamesIn,
} from '../../../src/core/kubeproxy/names';
import type { ProxyModeName } from '../../../src/core/kubeproxy/proxyMode';
import { releaseOf } from '../../../src/core/kubeproxy/release/judge';
import type { NodeState } from '../../../src/core/node';
import { finish } from '../../../src/core/work';
import { parseIpsetSave } from '../../../src/syntax/ipset/save';
import { parseIpvsSave } from '../../../src/syntax/ipvs/save';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { readDump } from './dump';

const hash = 'ABCDEFGHIJKLMNOP';
const svc = `KUBE-SVC-${hash}`;

function node(rules: readonly string[], more: Partial<NodeState> = {}): NodeState {
  const lines = rules.map((rule) => `-A ${rule}\n`).join('');
  const text = `*nat\n:PREROUTING ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\n:${svc} - [0:0]\n${lines}COMMIT\n`;
  return { name: 'a', rulesets: [readDump(text)], findings: [], ...more };
}

const toChains = `KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "a/b cluster IP" -m tcp --dport 443 -j ${svc}`;
const bySets = 'KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT';
const says = (name: ProxyModeName, said: 'runs' | 'configured') => ({
  proxyMode: { name, source: 'x', says: said },
});
const nft = nftRuleset('nft', 'table ip kube-proxy {\n\tchain services {\n\t}\n}\n');
const servers = (text: string) => ({ ipvs: parseIpvsSave(text, 'ipvs').value });
const one = '-A -t 10.96.0.1:443 -s rr\n-a -t 10.96.0.1:443 -r 10.244.0.2:443 -m -w 1\n';

suite('which mode kube-proxy runs in', () => {
  const judged = (state: NodeState) => {
    const { mode, certainty, candidates } = modeOf(state);
    return mode ? `${mode} ${certainty}` : `? ${candidates.join()}`;
  };
  const empty: NodeState = { name: 'a', rulesets: [], findings: [] };

  for (const [title, state, wanted] of [
    ['nothing at hand', empty, '? '],
    [
      'what the process says, whatever its rules',
      node([toChains], says('ipvs', 'runs')),
      'ipvs certain',
    ],
    ['rules in force alone', node([toChains]), 'iptables certain'],
    ['rules by sets, without IPVS at hand', node([bySets]), 'ipvs certain'],
    ['rules by sets, and virtual servers', node([bySets], servers(one)), 'ipvs certain'],
    [
      'rules by sets, and a dump of IPVS without a server',
      node([bySets], servers('')),
      'ipvs likely',
    ],
    [
      'a configuration that its rules confirm',
      node([toChains], says('iptables', 'configured')),
      'iptables certain',
    ],
    [
      'a configuration that other rules in force belie',
      node([toChains], says('ipvs', 'configured')),
      'iptables certain',
    ],
    [
      'a configuration whose rules no dump would show',
      node([toChains], says('nftables', 'configured')),
      'nftables likely',
    ],
    ['a configuration alone', { ...empty, ...says('ipvs', 'configured') }, 'ipvs likely'],
    ['rules of two modes in force', node([toChains], { nftables: nft }), '? iptables,nftables'],
    [
      'rules of two modes, of which one is configured',
      node([toChains], { nftables: nft, ...says('nftables', 'configured') }),
      'nftables likely',
    ],
    ['virtual servers alone are a trace', { ...empty, ...servers(one) }, 'ipvs likely'],
    ['chains of Services that nothing leads to, with KUBE-SERVICES empty', node([]), '? '],
  ] as const) {
    test(`${title}: ${wanted}`, () => assert.equal(judged(state), wanted));
  }

  test('chains of Services where KUBE-SERVICES is not at hand are a trace', () => {
    const part = readDump(`*nat\n:${svc} - [0:0]\n-A ${svc} -j RETURN\nCOMMIT\n`);
    assert.equal(judged({ ...empty, rulesets: [part] }), 'iptables likely');
    assert.equal(judged({ ...empty, rulesets: [part], ...servers(one) }), '? ipvs,iptables');
  });

  test('signs of the mode that was found come first, the surest of them before the others', () => {
    const state = node([bySets], { ...servers(one), ...says('ipvs', 'runs'), nftables: nft });
    assert.deepEqual(
      modeOf(state).signs.map(({ mode, weight }) => `${mode} ${weight}`),
      ['ipvs runs', 'ipvs in-force', 'ipvs trace', 'nftables in-force', 'iptables trace'],
    );
  });

  test('each mode in force once, by its first rule', () => {
    const state = node([toChains, toChains]);
    assert.deepEqual(
      modesInForce({ ...state, nftables: nft }).map(({ mode }) => mode),
      ['iptables', 'nftables'],
    );
  });
});

suite('what rules show of the configuration', () => {
  const jump = (from: string) => `KUBE-SERVICES ${from}-j KUBE-NODEPORTS`;

  test('node ports: what an address is excluded from, or networks, are no addresses', () => {
    const seen = (rule: string) => nodePortsSeen(node([rule]), 'iptables', 4)?.addresses;
    assert.deepEqual(seen(jump('-d 192.168.77.10/32 ')), ['192.168.77.10']);
    assert.deepEqual(seen(jump('! -d 192.168.77.10/32 ')), []);
    assert.deepEqual(seen(jump('')), []);
    assert.equal(seen(jump('-m addrtype --dst-type LOCAL ')), 'all');
  });

  const traffic = (...rules: readonly string[]) =>
    localTrafficSeen(node(rules), 'iptables')
      .map(({ traffic: { kind } }) => kind)
      .join();
  const mark = (from: string, chain = svc) =>
    `${chain} ${from}-d 10.96.0.1/32 -p tcp -m comment --comment "a/b cluster IP" -m tcp --dport 443 -j KUBE-MARK-MASQ`;

  test('local traffic: by the first rule of a Service’s chain, of the first that has one', () => {
    assert.equal(traffic(toChains, mark('! -s 10.244.0.0/16 ')), 'network');
    assert.equal(traffic(toChains, mark('! -i cni0 ')), 'device');
    assert.equal(traffic(toChains, mark('')), 'all');
    assert.equal(traffic(toChains, mark('-s 10.244.0.0/16 ')), 'all');
    assert.equal(traffic(toChains, `${svc} -j KUBE-SEP-AAAAAAAAAAAAAAAA`), 'none');
    // An excerpt without the chain: it may have the rule.
    assert.equal(traffic(toChains), '');
    assert.equal(traffic(toChains, `${svc} -j RETURN`, mark('! -i cni0 ')), 'none');
    const other = toChains.replace(svc, 'KUBE-SVC-BBBBBBBBBBBBBBBB');
    assert.equal(traffic(other, toChains, mark('! -i cni0 ')), 'device');
  });

  test('local traffic: a jump for a cluster IP to no chain of a Service tells nothing', () => {
    assert.equal(traffic(toChains.replace(svc, 'MINE'), 'MINE -j KUBE-MARK-MASQ'), '');
    assert.equal(traffic(toChains.replace('cluster IP', 'external IP')), '');
  });

  const table = (...blocks: readonly string[]) =>
    configuredTables({
      nftables: nftRuleset('nft', `table ip kube-proxy {\n${blocks.join('')}}\n`),
    })![0]!;
  const chain = (name: string, rule: string) => `\tchain ${name} {\n\t\t${rule}\n\t}\n`;
  const marks = 'meta mark set meta mark | 0x4000';

  for (const [rule, kind] of [
    [`ip daddr @cluster-ips ip saddr != 10.244.0.0/16 ${marks}`, 'network'],
    [`ip daddr @cluster-ips iifname != "cni0" ${marks}`, 'device'],
    [`ip daddr @cluster-ips ${marks}`, 'all'],
    // Some is marked, and which is not understood.
    [`ip daddr @cluster-ips ip saddr 10.244.0.0/16 ${marks}`, undefined],
    [`ip daddr @cluster-ips frobnicate ${marks}`, undefined],
    // No rule that tells: none of the traffic to ClusterIPs is marked for where it comes from.
    [`ip daddr @others ${marks}`, 'none'],
    ['ip daddr @cluster-ips ip saddr != 10.244.0.0/16 meta priority set 1:1', 'none'],
    ['ip daddr @cluster-ips ip saddr != 10.244.0.0/16 drop', 'none'],
  ] as const) {
    test(`${rule}: ${kind}`, () => {
      const set = '\tset cluster-ips {\n\t\ttype ipv4_addr\n\t}\n';
      assert.equal(table(set, chain('services', rule)).traffic?.kind, kind);
    });
  }

  test('without the chain of Services nothing is said of local traffic', () => {
    assert.equal(table(chain('masquerading', 'counter')).traffic, undefined);
  });

  test('node ports of nftables mode: all, all but loopback', () => {
    const ports = (rule: string) => table(chain('services', rule)).nodePorts;
    const map = 'meta l4proto . th dport vmap @service-nodeports';
    assert.deepEqual(ports(`fib daddr type local ${map}`)?.addresses, 'all');
    assert.equal(ports(`fib daddr type local ${map}`)?.butLoopback, false);
    assert.equal(ports(`fib daddr type local ip daddr != 127.0.0.0/8 ${map}`)?.butLoopback, true);
    assert.equal(ports(`fib daddr type local ip daddr != 10.0.0.0/8 ${map}`)?.butLoopback, false);
    assert.equal(ports(`fib daddr type local ip daddr 127.0.0.0/8 ${map}`)?.butLoopback, false);
    assert.equal(ports(`ip daddr @nodeport-ips ${map}`), undefined);
    assert.equal(ports('fib daddr type local meta l4proto . th dport vmap @others'), undefined);
    const within = 'meta l4proto . th dport vmap { tcp . 30080 : drop }';
    assert.equal(ports(`fib daddr type local ${within}`), undefined);
  });

  test('the mark that is asked for where it masquerades, and no other comparison', () => {
    const bits = (rule: string) => table(chain('masquerading', rule)).mark?.bits;
    assert.equal(bits('meta mark & 0x00004000 != 0x00000000 masquerade'), 0x4000);
    assert.equal(bits('meta mark | 0x00004000 != 0x00000000 masquerade'), undefined);
    assert.equal(bits('ct mark & 0x00004000 != 0x00000000 masquerade'), undefined);
    assert.equal(bits('meta mark & 0x00004000 != 0x00000000 drop'), undefined);
  });
});

suite('the release, of the dumps of a node', () => {
  const nat = (rules: readonly string[]) =>
    node(['PREROUTING -m comment --comment "x" -j KUBE-SERVICES', ...rules]);
  const release = (state: NodeState) => {
    const found = finish(releaseOf(state));
    return found && `${found.since}-${found.until ?? ''}`;
  };
  const ten = `${svc} -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-${hash}`;

  test('by the rules of IPv4, counters or not', () => {
    assert.equal(release(nat([toChains, ten])), '17-');
    const counted = nat([toChains, ten]);
    const text = `*nat\n:PREROUTING ACCEPT [1:2]\n:KUBE-SERVICES - [0:0]\n:${svc} - [0:0]\n[5:6] -A PREROUTING -j KUBE-SERVICES\n[1:2] -A ${toChains}\n[3:4] -A ${ten}\nCOMMIT\n`;
    assert.equal(release({ ...counted, rulesets: [readDump(text)] }), '17-');
  });

  test('of a node in ipvs mode by its sets, too', () => {
    const masquerade = 'KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP src,dst -j KUBE-MARK-MASQ';
    const sets = (names: readonly string[]) => ({
      sets: parseIpsetSave(names.map((name) => `create ${name} hash:ip,port\n`).join(''), 'sets')
        .value,
    });
    const state = nat([masquerade]);
    assert.equal(
      release({
        ...state,
        ...sets(['KUBE-CLUSTER-IP', 'KUBE-EXTERNAL-IP-LOCAL', 'KUBE-NODE-PORT-SCTP-HASH']),
      }),
      '18-20',
    );
    assert.equal(release({ ...state, ...sets([]) }), undefined);
  });

  test('rules of IPv6 are read as those of IPv6', () => {
    const six = nat(['KUBE-SERVICES ! -d ::1/128 -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS']);
    const rulesets = six.rulesets.map((each) => ({ ...each, family: 6 as const }));
    assert.equal(release({ ...six, rulesets: [...nat([]).rulesets, ...rulesets] }), '26-');
    assert.equal(release({ ...six, rulesets }), undefined);
  });

  test('of a node in nftables mode by its table, be it of IPv6 alone', () => {
    const text = (family: string) =>
      `table ${family} kube-proxy {\n\tchain services {\n\t}\n\tset hairpin-connections {\n\t\ttype ipv4_addr\n\t}\n}\n`;
    const state = (family: string): NodeState => ({
      name: 'a',
      rulesets: [],
      findings: [],
      nftables: nftRuleset('nft', text(family)),
      ...says('nftables', 'runs'),
    });
    assert.equal(release(state('ip')), '36-');
    assert.equal(release(state('ip6')), '36-');
  });
});

suite('names of kube-proxy', () => {
  const port = { namespace: 'ns', name: 'svc', port: 'http' };

  test('of a chain of nftables mode in its parts, with an endpoint of either family', () => {
    const parts = (endpoint?: { address: string; port: number }) =>
      nftNameParts(nftChainName(endpoint ? 'endpoint' : 'service', port, 'tcp', endpoint));
    assert.deepEqual(
      [parts()?.kind, parts()?.service, parts()?.protocol, parts()?.endpoint, parts()?.holds],
      ['service', 'ns/svc:http', 'tcp', undefined, true],
    );
    assert.equal(parts({ address: '10.0.0.1', port: 80 })?.endpoint, '10.0.0.1:80');
    assert.equal(parts({ address: 'fd00::1', port: 80 })?.endpoint, '[fd00::1]:80');
    const [plain] = [nftNameParts(nftChainName('local', { ...port, port: '' }, 'udp'))];
    assert.deepEqual([plain?.kind, plain?.service, plain?.holds], ['local', 'ns/svc', true]);
    assert.equal(nftNameParts('service-AAAAAAAA-ns/svc/tcp/http')?.holds, false);
    assert.equal(nftNameParts('services'), undefined);
    // An address without a dot is one of IPv6, too.
    assert.equal(nftNameParts('endpoint-AAAAAAAA-ns/svc/tcp/http__1/80')?.endpoint, '[1]:80');
  });

  test('what each of its chains and sets is for; others have no purpose', () => {
    assert.match(nftPurpose('chain', 'services') ?? '', /Finds the Service port/);
    assert.equal(nftPurpose('set', 'services'), undefined);
    assert.match(nftPurpose('set', 'cluster-ips') ?? '', /ClusterIPs/);
    assert.equal(nftPurpose('chain', 'cluster-ips'), undefined);
    assert.equal(nftPurpose('chain', 'constructor'), undefined);
    assert.match(
      nftPurpose('chain', nftChainName('firewall', port, 'tcp')) ?? '',
      /loadBalancerSourceRanges/,
    );
  });

  test('a name with a hash that fits, or that is none of nftables mode', () => {
    assert.ok(nftChainNameHolds(nftChainName('external', port, 'sctp')));
    assert.ok(!nftChainNameHolds('external-AAAAAAAA-ns/svc/sctp/http'));
    assert.ok(!nftChainNameHolds('services'));
  });

  test('whose a chain of nat is: of nobody that is known, or by its prefix', () => {
    assert.equal(chainKind('MINE', 'nat'), undefined);
    assert.equal(chainKind('cali-PREROUTING', 'nat')?.software, 'Calico');
    assert.equal(chainKind('KUBE-FIREWALL', 'nat')?.owner, 'kube-proxy');
    assert.equal(chainKind('KUBE-FIREWALL', 'filter')?.owner, 'kubelet');
    assert.equal(chainKind('constructor', 'nat'), undefined);
  });

  test('the ClusterIPs of ipvs mode, of its set alone', () => {
    const sets = (name: string) =>
      parseIpsetSave(`create ${name} hash:ip,port\nadd ${name} 10.96.0.1,tcp:443\n`, 'sets').value;
    assert.deepEqual([...clusterIpsOf({ sets: sets('KUBE-CLUSTER-IP') })!], ['10.96.0.1']);
    assert.equal(clusterIpsOf({ sets: sets('KUBE-LOOP-BACK') }), undefined);
    assert.equal(clusterIpsOf({}), undefined);
  });

  test('a name that is too long is cut at 240 characters', () => {
    const name = (length: number) =>
      nftChainName('service', { namespace: 'n', name: 's'.repeat(length), port: 'p' }, 'tcp');
    // 8 of the hash, `-n/`, and `/tcp/p` behind the name.
    const fits = name(240 - 17);
    assert.equal(fits.length, 'service-'.length + 240);
    assert.ok(!fits.endsWith('...'));
    const cut = name(241 - 17);
    assert.equal(cut.length, 'service-'.length + 240);
    assert.ok(cut.endsWith('...'));
  });

  test('names in a comment, each with its port or without', () => {
    assert.deepEqual(servicePortNamesIn('pod traffic for ns/svc:http external destinations'), [
      port,
    ]);
    assert.deepEqual(servicePortNamesIn('ns/svc cluster IP'), [{ ...port, port: '' }]);
    assert.deepEqual(servicePortNamesIn('no name here'), []);
  });
});
