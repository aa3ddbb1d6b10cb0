import * as l10n from '@vscode/l10n';
import { list } from '../../list';
import { known } from '../../fact';
import { wholeIpvs } from '../../ipvs/wholeIpvs';
import {
  endpointAgreement,
  heldSetupOf,
  portObjects,
  type EndpointAgreement,
  type HeldSetup,
} from '../../expected/agreement/endpoints';
import { endpointsIn } from '../../kubeproxy/endpointsIn';
import type { Programmed, ProgrammedPort } from '../../kubeproxy/programmed';
import { isProxied } from '../../kubeproxy/proxied';
import { serviceId, serviceName } from '../../kubeproxy/serviceId';
import { tellEndpoints } from '../../objects/slices';
import type { ClusterObjects, IndexedObjects } from '../../objects/types';
import { PairMap } from '../../pairMap';
import type { ServiceView } from '../../service';
import type { Work } from '../../work';
import type { Check, CheckContext } from '../check';

/** Endpoints that the EndpointSlices have and the rules lack. */
export const endpointMissing: Check = {
  code: 'endpoint-missing',
  severity: 'warning',
  title: l10n.t('rules lack an endpoint of the EndpointSlices'),
  modes: ['iptables', 'ipvs', 'nftables'],
  certainty: 'certain',
  *find(context) {
    yield* compare(
      context,
      ({ missing }) => missing,
      (service, endpoints) => l10n.t`${service} lacks ${endpoints}.`,
    );
  },
};

/** Endpoints in the rules that should not be there: gone, not ready, of another node. */
export const endpointStale: Check = {
  code: 'endpoint-stale',
  severity: 'warning',
  title: l10n.t('rules lead to an endpoint that is gone or not ready'),
  modes: ['iptables', 'ipvs', 'nftables'],
  certainty: 'certain',
  *find(context) {
    yield* compare(
      context,
      ({ stale }) => stale,
      (service, endpoints) => l10n.t`${service} leads to ${endpoints}.`,
    );
  },
};

function* compare(
  context: CheckContext,
  pick: (agreement: EndpointAgreement) => EndpointAgreement['missing'],
  sentence: (service: string, endpoints: string) => string,
): ReturnType<Check['find']> {
  for (const { service, agreement } of yield* differingPorts(context)) {
    const found = pick(agreement);
    if (!('value' in found) || found.value.length === 0) continue;
    yield {
      message: sentence(service.title, some(found.value)),
      range: service.range,
      service: serviceName(service),
    };
  }
}

interface DifferingPort {
  readonly service: ServiceView;
  readonly agreement: EndpointAgreement;
}

const differing = new PairMap<Programmed, ClusterObjects, readonly DifferingPort[]>();

/** Service ports that lack an endpoint, or lead to one that they should not; both checks ask for them. */
function* differingPorts(context: CheckContext): Work<readonly DifferingPort[]> {
  const { programmed, objects } = context;
  if (!objects || !tellEndpoints(objects)) return [];
  const before = differing.get(programmed, objects);
  if (before) return before;
  const found: DifferingPort[] = [];
  for (const one of comparedPorts(context, objects, yield* heldSetupOf(context.node, objects))) {
    if (one && differs(one.agreement)) found.push(one);
    yield;
  }
  differing.set(programmed, objects, found);
  return found;
}

function differs({ missing, stale }: EndpointAgreement): boolean {
  return [missing, stale].some((fact) => 'value' in fact && fact.value.length > 0);
}

/** Yields `undefined` for a Service port that no object tells of. */
function* comparedPorts(
  { node, programmed: { ports } }: CheckContext,
  objects: IndexedObjects,
  setup: HeldSetup,
): Generator<DifferingPort | undefined> {
  for (const port of ports) {
    yield undefined;
    const { service } = port;
    if (service.mode === 'ipvs' && !wholeIpvs(node)) continue;
    const { servicePort } = service;
    const object = servicePort && objects.service(servicePort.namespace, servicePort.name);
    if (!object || !isProxied(object) || !isCoherent(port)) continue;
    for (const family of familiesOf(port)) {
      const { table } = port;
      const ruleset = port.ruleset ?? node.rulesets.find((one) => one.family === family);
      if (!ruleset && !table) continue;
      const held = {
        node: node.name,
        addresses: [],
        setup,
        endpoints: known(yield* endpointsIn(node, { service, family, ruleset, table })),
      };
      const wanted = portObjects(objects, { id: serviceId(service), family });
      yield { service, agreement: endpointAgreement(held, wanted) };
    }
  }
}

/** The first of them, and how many more. */
function some(endpoints: readonly string[]): string {
  const more = endpoints.length - 5;
  const first = list(endpoints.slice(0, 5));
  return more > 0 ? l10n.t`${first} and ${more} more` : first;
}

/** A dump that was cut within the table shows only some endpoints. */
function isCoherent({ ruleset, table }: ProgrammedPort): boolean {
  if (table) return table.complete;
  return ruleset === undefined || ruleset.tables.get('nat')?.complete === true;
}

function familiesOf({ service, family }: ProgrammedPort): readonly (4 | 6)[] {
  if (family) return [family];
  return [...new Set(service.entries.flatMap(({ address }) => address?.family ?? []))];
}
