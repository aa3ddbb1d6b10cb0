import * as l10n from '@vscode/l10n';
import { bySeverity } from '../finding';
import { list } from '../list';
import { programmed } from '../kubeproxy/programmed';
import type { NodePortAddressesSeen } from '../kubeproxy/seen';
import { hex } from '../hex';
import type { NodeState } from '../node';
import type { ClusterObjects } from '../objects/types';
import type { Work } from '../work';
import type { Comparison, Difference } from './difference';
import { faresOf } from './fares';
import { compareMasquerade } from './masquerade';
import { compareServices } from './services';
import type { Named } from './named';
import type { PolicyObjects } from './ownEndpoints';

/**
 * What two nodes, or one node at two times, do differently with packets: by meaning, so that names
 * of chains, the order of rules, counters, and each node's own addresses make no difference. Of
 * excerpts only what both show is compared, and that is said.
 *
 * @param objects give names to hashes, join the virtual servers of a Service, and tell where each node has
 *   endpoints of its own by right
 */
export function* compareNodes(
  left: NodeState,
  right: NodeState,
  objects?: Pick<ClusterObjects, 'services'> & PolicyObjects,
): Work<Comparison> {
  const ours = { name: left.name, node: left, what: yield* programmed(left, objects?.services) };
  const theirs = {
    name: right.name,
    node: right,
    what: yield* programmed(right, objects?.services),
  };
  if (ours.name === theirs.name)
    Object.assign(theirs, { name: l10n.t`${right.name} (the second)` });
  const notCompared: string[] = [];
  const differences: Difference[] = [
    ...compareMode(ours, theirs),
    ...compareMasquerade(ours, theirs),
    ...compareMarks(ours, theirs),
    ...compareNodePorts(ours, theirs),
  ];
  yield undefined;
  const without = [ours, theirs].filter(({ what }) => what.ports.length === 0);
  if (without.length === 0) {
    const compared = yield* compareServices(ours, theirs, objects);
    for (const one of compared.differences) differences.push(one);
    if (compared.own.length > 0) notCompared.push(ownText(compared.own));
  } else notCompared.push(l10n.t`Services: the dumps of ${names(without)} show none.`);
  for (const side of [ours, theirs]) {
    const parts = (side.node.missing ?? []).map(({ part }) => part);
    if (parts.length > 0) {
      notCompared.push(
        l10n.t`${side.name} has no or only a part of: ${list([...new Set(parts)])}.`,
      );
    }
  }
  differences.sort(bySeverity);
  const fares = differences.length > 0 ? yield* faresOf(ours, theirs) : [];
  return { differences, fares, notCompared };
}

/** Service ports that are named where each node has its own endpoints. */
const mostNamed = 5;

function ownText(titles: readonly string[]): string {
  const more = titles.length - mostNamed;
  const named = list(titles.slice(0, mostNamed), 'row');
  const all = more > 0 ? l10n.t`${named} and ${more} more` : named;
  return l10n.t`Endpoints of ${all}: each node has its own, by traffic policy Local or topology hints.`;
}

function names(sides: readonly Named[]): string {
  return list(sides.map(({ name }) => name));
}

function compareMode(left: Named, right: Named): Difference[] {
  const [ours, theirs] = [left.what.mode, right.what.mode];
  if (!ours.mode || !theirs.mode || ours.mode === theirs.mode) return [];
  return [
    {
      severity: 'information',
      message: l10n.t`${left.name} is in ${ours.mode} mode, ${right.name} in ${theirs.mode} mode.`,
      left: ours.signs[0]?.range,
      right: theirs.signs[0]?.range,
    },
  ];
}

function compareMarks(left: Named, right: Named): Difference[] {
  const bit = ({ what }: Named) => what.marks.find((one) => one.role === 'masquerade');
  const [ours, theirs] = [bit(left), bit(right)];
  if (!ours?.evidence || !theirs?.evidence || ours.bits === theirs.bits) return [];
  return [
    {
      severity: 'information',
      message: l10n.t`The mark for masquerade is ${hex(ours.bits)} on ${left.name} and ${hex(theirs.bits)} on ${right.name}.`,
      left: ours.evidence,
      right: theirs.evidence,
    },
  ];
}

function compareNodePorts(left: Named, right: Named): Difference[] {
  const [ours, theirs] = [left.what.nodePorts, right.what.nodePorts];
  if (!ours || !theirs) return [];
  // Each node names its own addresses: only "all" against "some" is a difference.
  const isAll = ({ addresses }: NodePortAddressesSeen) => addresses === 'all';
  if (isAll(ours) === isAll(theirs) && ours.butLoopback === theirs.butLoopback) return [];
  const words = (seen: NodePortAddressesSeen) =>
    seen.addresses === 'all'
      ? l10n.t`all addresses${seen.butLoopback ? l10n.t(' but the loopback ones') : ''}`
      : list(seen.addresses) || l10n.t('no address');
  return [
    {
      severity: 'warning',
      message: l10n.t`NodePorts answer on ${words(ours)} on ${left.name} and on ${words(theirs)} on ${right.name}.`,
      left: ours.range,
      right: theirs.range,
    },
  ];
}
