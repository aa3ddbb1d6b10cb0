import * as l10n from '@vscode/l10n';
import { append } from '../../append';
import { formatServicePortName } from '../../kubeproxy/names';
import type { ChainComparison, RuleDifference } from '../compare/chains';
import type { Work } from '../../work';
import type { ExpectedRuleset } from '../rules';
import type { EndpointSliceObject } from '../../objects/types';
import type { ServicePort } from '../servicePorts';
import { isNewer } from './age';
import { reasonOf } from './reason';
import { titleOf } from './title';

/** How the rules of one Service port stand to what kube-proxy should have written. */
export interface PortAgreement {
  /** `shop/cart:grpc`. */
  readonly title: string;
  /** undefined for rules of a Service port that the objects do not have. */
  readonly servicePort?: ServicePort;
  /**
   * `missing`: none of its rules is there. `stale`: rules that should have gone, none that lacks.
   * `newer`: the objects changed after the dump was taken, or may have.
   */
  readonly state: 'right' | 'missing' | 'stale' | 'different' | 'newer';
  readonly differences: readonly RuleDifference[];
  /** One plain English clause each, from the objects. */
  readonly reasons: readonly string[];
}

/** A node's rules of one family, Service port by Service port, and the parts of the whole node. */
export interface Agreement {
  readonly ports: readonly PortAgreement[];
  /** Masquerading, marks, hooks, forwarding: what no Service asks for. */
  readonly node: readonly RuleDifference[];
}

/** When the dump was taken, and what else tells the age of objects. */
export interface Times {
  /** ISO 8601, as NodeState.captured. */
  readonly captured?: string | undefined;
  /** The slices of the Service ports, by `namespace/service`. */
  readonly slices?: ReadonlyMap<string, readonly EndpointSliceObject[]>;
}

/** So many differences are put in order before others may go. */
const mostAtOnce = 512;

/**
 * Puts differences in order by Service port; gives way every some of them.
 *
 * @param times to tell objects that are newer than the dump: those are no faults
 */
export function* agreementOf(
  expected: ExpectedRuleset,
  { differences }: ChainComparison,
  times: Times = {},
): Work<Agreement> {
  let count = 0;
  const byTitle = new Map<string, RuleDifference[]>();
  const node: RuleDifference[] = [];
  for (const difference of differences) {
    if (++count % mostAtOnce === 0) yield;
    const title = titleOf(difference, expected);
    if (title === undefined) node.push(difference);
    else append(byTitle, title, difference);
  }
  const known = new Map(
    expected.servicePorts.map((port) => [formatServicePortName(port.name), port] as const),
  );
  const ports: PortAgreement[] = [];
  for (const [title, servicePort] of known) {
    const own = byTitle.get(title);
    if (!own) {
      ports.push({ title, servicePort, state: 'right', differences: [], reasons: [] });
      continue;
    }
    const { namespace, name } = servicePort.service.metadata;
    const slices = times.slices?.get(`${namespace}/${name}`) ?? [];
    const newer = isNewer(servicePort.service, slices, times.captured);
    const reasons = new Set<string>();
    for (const one of own) {
      if (++count % mostAtOnce === 0) yield;
      const reason = reasonOf(one, servicePort);
      if (reason !== undefined) reasons.add(reason);
    }
    const state = newer ? 'newer' : stateOf(own);
    ports.push({ title, servicePort, state, differences: own, reasons: [...reasons] });
  }
  for (const [title, own] of byTitle) {
    if (known.has(title)) continue;
    const reasons = [l10n.t`no Service has the port ${title}`];
    ports.push({ title, state: 'stale', differences: own, reasons });
  }
  return { ports, node };
}

function stateOf(differences: readonly RuleDifference[]): PortAgreement['state'] {
  const lacks = differences.some(({ kind }) => kind === 'missing' || kind === 'missing-chain');
  const stale = differences.some(({ kind }) => kind === 'stale');
  if (!lacks && stale) return 'stale';
  // Without its entry nothing of a Service port has an effect.
  const entry = differences.some(
    ({ kind, expected }) => kind === 'missing' && expected?.role === 'cluster-ip',
  );
  return lacks && !stale && entry ? 'missing' : 'different';
}
