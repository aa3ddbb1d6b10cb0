import type { Dump } from '../../cluster/cluster';
import type { Family } from '../../core/address';
import { modeOf } from '../../core/kubeproxy/mode/judge';
import type { NodeState } from '../../core/node';
import { tablesOf } from '../../core/trace/route/fibTables';
import type { TreeWorld } from './node';

/** A command that gave nothing. */
export interface Absence {
  readonly dump: Dump;
  /** What its dump would add. */
  readonly text: string;
  readonly weight: Weight;
}

/**
 * - `expected`: another dump has the answer, or the mode or the kernel has none to give.
 * - `open`: no other dump has the answer, and none shows that it matters on this node.
 * - `lacking`: without it answers are missing.
 */
type Weight = 'expected' | 'open' | 'lacking';

/** What is asked of the node to tell whether an absence is normal. */
interface Surroundings {
  /** Whether one of these dumps could be had. */
  has(...names: readonly string[]): boolean;
  /** Whether kube-proxy is known to run in another mode than this. */
  not(mode: 'ipvs' | 'nftables'): boolean;
  readonly knowsMode: boolean;
  /** What iptables-nft-save says that it does not print. */
  readonly unprinted: boolean;
  readonly legacyLoaded: boolean;
  /** The kernel has no IPv6: /proc/net/if_inet6 is not there. */
  readonly noIpv6: boolean;
  /** The IPv4 routing rules are known by other ways. */
  readonly routingRules: boolean;
  /** Whether there are tables of routes that only routing rules lead to. */
  moreTables(family: Family): boolean;
}

/** True: it is normal that this is absent. */
type Judge = (node: Surroundings) => boolean | Weight;

/** For each dump: what it would add, and when it is normal that it is absent. */
function table(l10n: TreeWorld['l10n']): readonly (readonly [RegExp, string, Judge])[] {
  const routes = l10n.t('routes with their devices, sources and tables');
  const rules = l10n.t('which packets another routing table sends elsewhere');
  return [
    [
      /^ip6?tables-legacy-save\.txt$/,
      l10n.t('rules of the legacy backend'),
      ({ has, legacyLoaded }) => !legacyLoaded && has('iptables-nft-save.txt', 'iptables-save.txt'),
    ],
    [
      /^ip6?tables-nft-save\.txt$/,
      l10n.t('rules of the nft backend'),
      ({ has }) => has('iptables-legacy-save.txt', 'iptables-save.txt'),
    ],
    [
      /^ipset-save\.txt$/,
      l10n.t('sets that rules ask; those of kube-proxy are of ipvs mode'),
      ({ not }) => not('ipvs'),
    ],
    [
      /^(ip_vs|ipvsadm-Sn)\.txt$/,
      l10n.t('virtual servers of ipvs mode'),
      ({ has, not }) => not('ipvs') || has('ip_vs.txt', 'ipvsadm-Sn.txt'),
    ],
    [/^sysctl-ipvs\.txt$/, l10n.t('sysctls of IPVS'), ({ not }) => not('ipvs')],
    [
      /^nft-list-ruleset\.txt$/,
      l10n.t('rules of other programs that only nft shows'),
      ({ not, unprinted }) => not('nftables') && !unprinted,
    ],
    [/^ip-addr\.txt$/, l10n.t('addresses with their devices'), ({ has }) => has('fib_trie.txt')],
    [/^ip-route\.txt$/, routes, ({ has }) => has('proc-net-route.txt')],
    [/^ip-6-route\.txt$/, routes, ({ has, noIpv6 }) => noIpv6 || has('proc-net-ipv6_route.txt')],
    [
      /^(if_inet6|proc-net-ipv6_route)\.txt$/,
      l10n.t('IPv6 addresses and routes'),
      ({ noIpv6 }) => noIpv6,
    ],
    // /proc has no copy of the routing rules.
    [
      /^ip-rule\.txt$/,
      rules,
      ({ routingRules, moreTables }) => routingRules || (moreTables(4) ? 'lacking' : 'open'),
    ],
    [
      /^ip-6-rule\.txt$/,
      rules,
      ({ noIpv6, moreTables }) => noIpv6 || (moreTables(6) ? 'lacking' : 'open'),
    ],
    [
      /^(proxyMode\.txt|configz\.json)$/,
      l10n.t("kube-proxy's own word on its mode and settings"),
      ({ knowsMode }) => knowsMode,
    ],
  ];
}

/** The commands of a capture that gave nothing, in its order. */
export function absencesOf(
  { l10n }: TreeWorld,
  dumps: readonly Dump[],
  state: NodeState,
): readonly Absence[] {
  const around = surroundings(dumps, state);
  const known = table(l10n);
  return dumps.filter(isAbsent).map((dump) => {
    const entry = known.find(([name]) => name.test(dump.name));
    if (!entry) return { dump, text: '', weight: 'lacking' };
    const [, text, judge] = entry;
    const judged = judge(around);
    return { dump, text, weight: judged === true ? 'expected' : judged || 'lacking' };
  });
}

/** The program or the file is not there: not an error of what was asked. */
function isAbsent({ problem, bytes, stderr, exitCode }: Dump): boolean {
  if (problem?.kind === 'missing-binary') return true;
  if (problem?.kind !== 'exit-code' || bytes > 0) return false;
  // curl (7) and wget (1) where kube-proxy does not listen on the address that it has by default.
  return /No such file or directory|onnection refused/.test(stderr) || exitCode === 7;
}

function surroundings(dumps: readonly Dump[], state: NodeState): Surroundings {
  const { mode } = modeOf(state);
  const gaps = state.rulesets.flatMap((ruleset) => ruleset.gaps ?? []);
  const had = new Set(dumps.filter(({ problem }) => !problem).map(({ name }) => name));
  const inet6 = dumps.find(
    ({ name }) => name === 'if_inet6.txt' || name === 'proc-net-ipv6_route.txt',
  );
  return {
    has: (...names) => names.some((name) => had.has(name)),
    not: (other) => mode !== undefined && mode !== other,
    knowsMode: mode !== undefined,
    unprinted: gaps.some(({ unprinted }) => unprinted !== undefined),
    legacyLoaded: gaps.some(({ legacy }) => legacy === true),
    noIpv6: inet6 !== undefined && isAbsent(inet6) && inet6.problem?.kind === 'exit-code',
    routingRules: state.routingRules?.some(({ family }) => family === 4) ?? false,
    moreTables: (family) => tablesOf(state.routes ?? [], family).others.length > 0,
  };
}
