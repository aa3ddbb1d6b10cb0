import { parseNetwork, type Network } from '../../address';
import type { NftablesContext } from './context';
import { markStatement } from './context';
import { localMatch, networkSet } from './text';

/** The chains that every node has. */
export function addNodeRules(context: NftablesContext): void {
  const { table, ip, mark: bit, release, family, nodePorts } = context;
  for (const { name, hook, rules } of baseChains(release)) {
    table.chain(name, { hook });
    for (const text of rules) table.add(name, text, 'hook');
  }
  const port = 'meta l4proto . th dport vmap';
  const loopback = family === 4 ? '127.0.0.0/8' : '::1';
  const all = nodePorts.kind === 'all';
  const toNode = all ? `${ip} daddr != ${loopback}` : `${ip} daddr @nodeport-ips`;
  const add = (chain: string, text: string) => table.add(chain, text, 'node');

  add('nodeport-endpoints-check', `${toNode} ${port} @no-endpoint-nodeports`);
  add('service-endpoints-check', `${ip} daddr . ${port} @no-endpoint-services`);
  add('firewall-check', `${ip} daddr . ${port} @firewall-ips`);
  if (release >= 36) addClusterIpMasquerade(context);
  add('services', `${ip} daddr . ${port} @service-ips`);
  const isNode = all ? `fib daddr type local ${toNode}` : toNode;
  table.add('services', `${isNode} ${port} @service-nodeports`, 'node-ports');

  if (release >= 36) {
    const isMarked = `meta mark & ${bit} != 0x00000000`;
    add('masquerading', `${isMarked} meta mark set meta mark ^ ${bit} masquerade fully-random`);
    const flow = `${ip} saddr . ${ip} daddr . meta l4proto . th dport`;
    add('masquerading', `ct status dnat ${flow} @hairpin-connections masquerade fully-random`);
  } else {
    add('mark-for-masquerade', `meta mark set meta mark | ${bit}`);
    add('masquerading', `meta mark & ${bit} == 0x00000000 return`);
    add('masquerading', `meta mark set meta mark ^ ${bit}`);
    add('masquerading', 'masquerade fully-random');
  }
  const invalid = 'comment "Reject traffic to invalid ports of ClusterIPs"';
  add('cluster-ips-check', `${ip} daddr @cluster-ips reject ${invalid}`);
  addServiceRanges(context);
  const helper = 'helper for @no-endpoint-services / @no-endpoint-nodeports';
  table.chain('reject-chain', { comment: helper });
  add('reject-chain', 'reject');
}

function addClusterIpMasquerade(context: NftablesContext): void {
  const { table, ip, masqueradeAll, local, family } = context;
  const all = `${ip} daddr @cluster-ips`;
  const marks = markStatement(context);
  const outside = localMatch(local, false, family);
  if (masqueradeAll) {
    table.add('services', `${all} ${marks} comment "masquerade all clusterIP traffic"`, 'node');
  } else if (outside !== undefined) {
    const note = 'comment "masquerade clusterIP traffic from outside cluster"';
    table.add('services', `${all} ${outside} ${marks} ${note}`, 'node');
  }
}

/**
 * A ServiceCIDR that is newer than the last full sync (each hour) is not in the rule yet, so what
 * the older ones give is right as well.
 */
function addServiceRanges({ table, ip, input, family }: NftablesContext): void {
  const byAge = [...(input.objects.serviceCidrs ?? [])].sort((left, right) =>
    (left.metadata.creationTimestamp ?? '') < (right.metadata.creationTimestamp ?? '') ? -1 : 1,
  );
  const ranges = byAge
    .flatMap(({ cidrs }) => cidrs.map(parseNetwork))
    .filter((network): network is Network => network?.address.family === family);
  const text = (networks: readonly Network[]) =>
    `${ip} daddr ${networkSet(networks)} drop comment "Drop traffic to unallocated ClusterIPs"`;
  if (ranges.length === 0) return;
  const also = ranges.slice(1).map((_, i) => text(ranges.slice(0, i + 1)));
  const { rules } = table.chain('cluster-ips-check');
  rules.push({ text: text(ranges), role: 'service-ranges', ...(also.length > 0 && { also }) });
}

interface BaseChain {
  readonly name: string;
  readonly hook: string;
  readonly rules: readonly string[];
}

/** They moved with 1.34 (and 1.33.6) so that traffic is refused after its translation (PR 132456). */
function baseChains(release: number): readonly BaseChain[] {
  const filter = (hook: string, priority: number) =>
    `type filter hook ${hook} priority ${priority}; policy accept;`;
  const nat = (hook: string, priority: number) =>
    `type nat hook ${hook} priority ${priority}; policy accept;`;
  const jump = (to: string) => `ct state new jump ${to}`;
  const [nodePorts, services, clusterIps] = [
    jump('nodeport-endpoints-check'),
    jump('service-endpoints-check'),
    jump('cluster-ips-check'),
  ];
  const firewall = [jump('firewall-check')];
  const translation: readonly BaseChain[] = [
    { name: 'nat-prerouting', hook: nat('prerouting', -100), rules: ['jump services'] },
    { name: 'nat-output', hook: nat('output', -100), rules: ['jump services'] },
    { name: 'nat-postrouting', hook: nat('postrouting', 100), rules: ['jump masquerading'] },
  ];
  if (release >= 34) {
    return [
      {
        name: 'filter-prerouting-pre-dnat',
        hook: filter('prerouting', -110),
        rules: firewall,
      },
      { name: 'filter-output-pre-dnat', hook: filter('output', -110), rules: firewall },
      { name: 'filter-input', hook: filter('input', 0), rules: [nodePorts, services] },
      { name: 'filter-forward', hook: filter('forward', 0), rules: [services, clusterIps] },
      { name: 'filter-output', hook: filter('output', 0), rules: [services, clusterIps] },
      ...translation,
    ];
  }
  return [
    { name: 'filter-prerouting', hook: filter('prerouting', -110), rules: firewall },
    { name: 'filter-input', hook: filter('input', -110), rules: [nodePorts, services] },
    { name: 'filter-forward', hook: filter('forward', -110), rules: [services, clusterIps] },
    { name: 'filter-output', hook: filter('output', -110), rules: [services, ...firewall] },
    { name: 'filter-output-post-dnat', hook: filter('output', -90), rules: [clusterIps] },
    ...translation,
  ];
}
