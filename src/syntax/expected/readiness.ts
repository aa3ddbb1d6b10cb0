import * as l10n from '@vscode/l10n';
import type { FarePage } from '../../core/expected/fare/page';
import { inputOfNode, type InputLack } from '../../core/expected/nodeInput';
import type { Finding } from '../../core/finding';
import { checks } from '../../core/findings/all';
import { runChecks } from '../../core/findings/checkNode';
import type { NodeState } from '../../core/node';
import type { IndexedObjects } from '../../core/objects/types';
import { comparisonNotes } from '../../core/report/setupNotes';
import { nodeConfigOf } from '../../core/proxyconfig/nodeConfig';
import { newestMinor } from '../../core/proxyconfig/version';
import { withMode } from '../../core/proxyconfig/withMode';
import type { Work } from '../../core/work';
import type { LineParser } from '../treeSitter';
import { compareSetups, type SetupComparison } from './compareSetups';

/** How ready a node is for kube-proxy's nftables mode. */
export interface Readiness {
  readonly node: string;
  readonly mode: 'iptables' | 'ipvs';
  /** Of the rules on both sides: 36 of Kubernetes 1.36. */
  readonly releases: readonly [left: number, right: number];
  readonly comparison: SetupComparison;
  /** What only the dumps know: counters, rules of others that rely on kube-proxy's. */
  readonly findings: readonly Finding[];
}

/** From 1.31 on the mode is on by default; older releases are taken to be upgraded first. */
const firstNftables = 31;

/**
 * The same objects in the node's mode and in nftables mode, the same packets traced through both.
 *
 * @returns what is lacking to tell, or that it runs in nftables mode already
 */
export function* readinessOf(
  node: NodeState,
  objects: IndexedObjects | undefined,
  parser: LineParser,
): Work<Readiness | InputLack | 'nftables'> {
  const of = yield* inputOfNode(node, objects);
  if (typeof of === 'string') return of;
  const { input } = of;
  const { mode } = input.settings;
  if (mode === 'nftables' || mode === undefined) return 'nftables';
  const after = yield* inputOfNode(
    node,
    objects,
    withMode(nodeConfigOf(node, objects)!, 'nftables'),
  );
  if (typeof after === 'string') return after;
  const release = input.release < firstNftables ? newestMinor : input.release;
  const right = { ...after.input, release };
  const comparison = yield* compareSetups(node, input, right, parser);
  const own = checks.filter(({ group }) => group === 'ready-for-1.40');
  const findings = yield* runChecks(node, own, objects ? { objects } : {});
  return { node: node.name, mode, releases: [input.release, release], comparison, findings };
}

/** What the page on it says of packets. */
export function readinessPage({ node, mode, releases, comparison }: Readiness): FarePage {
  const [left, right] = releases;
  const own = l10n.t(
    'Both sides are worked out: what kube-proxy 1.{0} writes in {1} mode and 1.{2} in nftables mode.',
    left,
    mode,
    right,
  );
  return {
    ...comparison,
    title: l10n.t('Ready for nftables? {0}', node),
    notes: [own, ...comparisonNotes(comparison)],
    left: l10n.t('{0} mode', mode),
    right: l10n.t('{0} mode', 'nftables'),
  };
}
