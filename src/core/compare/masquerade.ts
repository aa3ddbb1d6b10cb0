import * as l10n from '@vscode/l10n';
import { formatNetwork } from '../address';
import { clusterIpRule, missingClusterIpRule } from '../findings/ipvs/clusterIpNotMasqueraded';
import type { SeenTraffic } from '../kubeproxy/localTraffic';
import type { LocalTraffic } from '../kubeproxy/seen';
import type { NodeState } from '../node';
import { matchOf, natChains } from '../rules/lookUp';
import { isSameLine } from '../source';
import type { Difference } from './difference';
import type { Named } from './named';

type Side = Named & { readonly node: NodeState };

/** What is masqueraded on its way to a ClusterIP: the rule that one has and the other lacks. */
export function compareMasquerade(left: Side, right: Side): Difference[] {
  return [
    ...missing(left, right, 'left'),
    ...missing(right, left, 'right'),
    ...([4, 6] as const).flatMap((family) => ofFamily(family, left, right)),
  ];
}

/** In ipvs mode no rule at all: the node itself gets no answers. */
function missing(lacks: Side, has: Side, side: 'left' | 'right'): Difference[] {
  const lost = missingClusterIpRule(lacks.node);
  if (!lost || missingClusterIpRule(has.node)) return [];
  const theirs = natChains(has.node, 4, 'KUBE-SERVICES').map(clusterIpRule)[0];
  const other = side === 'left' ? 'right' : 'left';
  return [
    {
      severity: lost.sure ? 'error' : 'warning',
      message: l10n.t`${lacks.name} lacks the rule that masquerades traffic to ClusterIPs: answers to the node's own connections do not come back.`,
      detail: l10n.t(
        'These leave with the ClusterIP as their source; clients from outside the pod network keep theirs. Pods fare alike on both.',
      ),
      [side]: lost.range,
      ...(theirs ? { [other]: theirs.range } : {}),
    },
  ];
}

function ofFamily(family: 4 | 6, left: Side, right: Side): Difference[] {
  const find = ({ what }: Side) => what.localTraffic.find((one) => one.family === family);
  const [ours, theirs] = [find(left), find(right)];
  if (!ours || !theirs || inWords(ours.traffic) === inWords(theirs.traffic)) return [];
  const places = { left: ours.range, right: theirs.range };
  for (const [lacks, has, seen] of [
    [left, right, theirs],
    [right, left, ours],
  ] as const) {
    if (find(lacks)!.traffic.kind !== 'none' || seen.traffic.kind === 'none') continue;
    const own = onlyNodesOwn(lacks.node, find(lacks)!)
      ? l10n.t("; the node's own connections come back on both")
      : '';
    return [
      {
        severity: 'warning',
        message: l10n.t`${lacks.name} lacks the rule that masquerades traffic to ClusterIPs from outside the pod network, which ${has.name} has: endpoints on other nodes answer past it.`,
        detail: l10n.t`IPv${family}, ${has.name}: ${inWords(seen.traffic)}. On ${lacks.name} clients outside keep their address${own}. Pods fare alike on both.`,
        ...places,
      },
    ];
  }
  return [
    {
      severity: 'warning',
      message: l10n.t`IPv${family}: on ${left.name} ${inWords(ours.traffic)}, on ${right.name} ${inWords(theirs.traffic)}: who is in one and not in the other is seen with its own address on one node and with the node's on the other.`,
      ...places,
    },
  ];
}

/** The shape `src,dst` of ipvs mode. */
function onlyNodesOwn(node: NodeState, { family, range }: SeenTraffic): boolean {
  return natChains(node, family, 'KUBE-SERVICES').some((chain) => {
    const rule = clusterIpRule(chain);
    return (
      rule !== undefined &&
      isSameLine(rule.range, range) &&
      matchOf(rule, 'set')?.directions.join() === 'src,dst'
    );
  });
}

function inWords(traffic: LocalTraffic): string {
  switch (traffic.kind) {
    case 'network':
      return l10n.t`all but ${formatNetwork(traffic.network)} is masqueraded`;
    case 'device':
      return l10n.t`all but what comes in by ${traffic.name}${traffic.prefix ? '+' : ''} is masqueraded`;
    case 'none':
      return l10n.t('nothing is masqueraded for where it comes from');
    case 'all':
      return l10n.t('all is masqueraded');
  }
}
