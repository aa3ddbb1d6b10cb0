import { configuredTables } from '../nftables/configured';
import type { NodeState } from '../../node';
import {
  commentOf,
  firstRules,
  jumpsTo,
  lastRules,
  matchOf,
  natChains,
  placeOf,
} from '../../rules/lookUp';
import type { Chain, Rule, Ruleset } from '../../rules/ruleset';
import type { SourceRange } from '../../source';
import { kubeIpvsDevice } from '../../trace/ipvs/items';
import { mapInPieces, type Work } from '../../work';
import { isServiceChain, splitChainName } from '../names';
import type { ModeSign } from './sign';

/**
 * Every sign of kube-proxy's mode in the dumps of a node, left-overs among them. Gives way between the
 * rules that it decodes, which are a dump's first, and the chains of each ruleset.
 */
export function* modeSigns(node: NodeState): Work<readonly ModeSign[]> {
  const signs = [...saidSigns(node), ...servicesSigns(node)];
  yield;
  signs.push(...tableSigns(node), ...portalSigns(node), ...ipvsSigns(node));
  for (const ruleset of node.rulesets) {
    yield;
    signs.push(...(yield* chainSigns(ruleset)), ...refusingSign(ruleset));
  }
  return signs;
}

function saidSigns({ proxyMode }: NodeState): readonly ModeSign[] {
  if (!proxyMode) return [];
  const { name: mode, source, says } = proxyMode;
  const kind = says === 'runs' ? 'proxy-mode' : 'configuration';
  return [{ mode, weight: says, kind, range: { source, line: 0, start: 0, end: 0 } }];
}

function servicesSigns(node: NodeState): readonly ModeSign[] {
  return ([4, 6] as const).flatMap((family) =>
    natChains(node, family, 'KUBE-SERVICES').flatMap((chain) => servicesSign(chain) ?? []),
  );
}

/**
 * Both iptables and ipvs mode write KUBE-SERVICES anew (pkg/proxy/iptables/proxier.go and
 * pkg/proxy/ipvs/proxier.go, syncProxyRules), so its rules are of the mode that wrote last. Node
 * ports come last in iptables mode.
 */
function servicesSign(chain: Chain): ModeSign | undefined {
  for (const rule of tellingRules(chain)) {
    const to = jumpsTo(rule);
    const bySet = /^KUBE-/.test(matchOf(rule, 'set')?.name ?? '');
    if (bySet || to === 'KUBE-NODE-PORT' || to === 'KUBE-LOAD-BALANCER') {
      return inForce('ipvs', 'services-by-sets', rule.range);
    }
    if (to !== undefined && (to === 'KUBE-NODEPORTS' || splitChainName(to))) {
      return inForce('iptables', 'services-to-chains', rule.range);
    }
  }
  return undefined;
}

/** One after the other: the first mostly decides, and the others need not be decoded. */
function* tellingRules(chain: Chain): Generator<Rule> {
  yield* lastRules(chain, 3);
  yield* firstRules(chain);
}

function tableSigns(node: NodeState): readonly ModeSign[] {
  return (configuredTables(node) ?? []).map(({ range }) =>
    inForce('nftables', 'nftables-table', range),
  );
}

function portalSigns(node: NodeState): readonly ModeSign[] {
  return ([4, 6] as const).flatMap((family) =>
    natChains(node, family, 'KUBE-PORTALS-CONTAINER').flatMap((chain) =>
      [...firstRules(chain, 1)].map((rule: Rule) =>
        inForce('userspace', 'userspace-portals', rule.range),
      ),
    ),
  );
}

/** kube-proxy takes none of these away when it starts in iptables mode. */
function ipvsSigns({ ipvs, interfaces, someInterfaces, sets }: NodeState): readonly ModeSign[] {
  const servers = ipvs?.virtualServers.filter(({ address }) => address !== undefined) ?? [];
  const device = (interfaces ?? someInterfaces)?.find(({ name }) => name === kubeIpvsDevice);
  const own = [...(sets?.values() ?? [])].filter(({ name }) => name.startsWith('KUBE-'));
  return [
    ...trace('ipvs', 'virtual-servers', servers[0]?.range, servers.length),
    ...trace('ipvs', 'kube-ipvs0', device?.range),
    ...trace('ipvs', 'sets', own[0]?.range, own.length),
  ];
}

const ofIpvs = /^KUBE-(?:IPVS-FILTER|IPVS-OUT-FILTER|NODE-PORT|LOAD-BALANCER|FIRE-WALL)$/;
const ofIptables = /^KUBE-(?:PROXY-CANARY|EXTERNAL-SERVICES|NODEPORTS)$/;

function* chainSigns({ tables }: Ruleset): Work<readonly ModeSign[]> {
  const ipvs: Chain[] = [];
  const iptables: Chain[] = [];
  for (const table of tables.values()) {
    yield* mapInPieces(table.chains, ([name, chain]) => {
      // Most are, where there are many.
      if (isServiceChain(name) || ofIptables.test(name)) iptables.push(chain);
      else if (ofIpvs.test(name)) ipvs.push(chain);
    });
  }
  return [
    ...trace('ipvs', 'ipvs-chains', ipvs[0] && placeOf(ipvs[0]), ipvs.length),
    ...trace('iptables', 'service-chains', iptables[0] && placeOf(iptables[0]), iptables.length),
  ];
}

/** All that iptables mode writes in this chain of the filter table (pkg/proxy/iptables/proxier.go, since 1.2). */
function refusingSign({ tables }: Ruleset): readonly ModeSign[] {
  const chain = tables.get('filter')?.chains.get('KUBE-SERVICES');
  const rules = chain ? [...firstRules(chain, 3)] : [];
  const refusing = rules.find((rule) => / has no (?:local )?endpoints$/.test(commentOf(rule)));
  return trace('iptables', 'refusing-rule', refusing?.range);
}

function inForce(mode: ModeSign['mode'], kind: ModeSign['kind'], range: SourceRange): ModeSign {
  return { mode, weight: 'in-force', kind, range };
}

function trace(
  mode: ModeSign['mode'],
  kind: ModeSign['kind'],
  range: SourceRange | undefined,
  count?: number,
): readonly ModeSign[] {
  return range
    ? [{ mode, weight: 'trace', kind, range, ...(count === undefined ? {} : { count }) }]
    : [];
}
