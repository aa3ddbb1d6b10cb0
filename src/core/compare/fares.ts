import * as l10n from '@vscode/l10n';
import { sameAddress, type Address, withPort } from '../address';
import { list } from '../list';
import type { ProgrammedPort } from '../kubeproxy/programmed';
import type { NodeState } from '../node';
import { askersOf, type Asker } from '../flow/packets';
import { foundService } from '../flow/places';
import { arrivalOf } from '../trace/arrival';
import { kubeIpvsDevice } from '../trace/ipvs/items';
import { leaves, type Leaf } from '../trace/leaves';
import { clientOutside, probeOf } from '../trace/probe';
import { followFlow } from '../trace/tracer';
import type { Work } from '../work';
import type { Named } from './named';

/** Packets that meet another fate on one node than on the other. */
export interface Fare {
  /** `a client outside`. */
  readonly who: string;
  /** `default/web:http at 10.96.0.8:80`, the first of those alike. */
  readonly to: string;
  /** How many more Services are alike. */
  readonly more: number;
  /** One clause each: `gets through, and is seen with its own address`. */
  readonly left: string;
  readonly right: string;
}

type Side = Named & { readonly node: NodeState };

/** Service ports that are traced: what differs for a kind of client, differs for all alike. */
const mostPorts = 12;

/**
 * Who fares differently: the same packet to the same Service is followed through both nodes, from
 * the node itself, a pod of it and a client outside. What either cannot tell is no difference.
 */
export function* faresOf(left: Side, right: Side): Work<readonly Fare[]> {
  const found = new Map<string, Fare>();
  for (const pair of pairs(left, right)) {
    yield undefined;
    if (!pair) continue;
    const [ours, theirs] = pair;
    const [here, there] = [yield* fates(left, ours), yield* fates(right, theirs)];
    for (const [key, { who, to, text }] of here) {
      const other = there.get(key)?.text;
      if (other === undefined || other === text) continue;
      const alike = `${who} ${text} ${other}`;
      const known = found.get(alike);
      const fare = known
        ? { ...known, more: known.more + 1 }
        : { who, to, more: 0, left: text, right: other };
      found.set(alike, fare);
    }
  }
  return [...found.values()];
}

/** The Service ports that both nodes have, by name. */
function* pairs(left: Side, right: Side): Generator<[ProgrammedPort, ProgrammedPort] | undefined> {
  const keyOf = ({ service, family }: ProgrammedPort) =>
    `${service.title} ${service.protocol} ${family ?? service.entries[0]?.address?.family}`;
  const theirs = new Map(right.what.ports.map((port) => [keyOf(port), port]));
  let count = 0;
  for (const port of left.what.ports) {
    const other = theirs.get(keyOf(port));
    // Without an endpoint there is nowhere to fare to.
    if (!other) continue;
    if ((yield* port.service.readEndpoints()).length === 0) continue;
    if ((yield* other.service.readEndpoints()).length === 0) continue;
    yield [port, other];
    if (++count >= mostPorts) return;
  }
}

interface Fate {
  readonly who: string;
  readonly to: string;
  readonly text: string;
}

function* fates({ node }: Side, port: ProgrammedPort): Work<ReadonlyMap<string, Fate>> {
  const found = new Map<string, Fate>();
  const askers = yield* askersOf(node, foundService(node, port));
  const known = askers.filter(({ assumptions }) => assumptions.length === 0);
  for (const probe of [...known, ...fromOutside(node, port)]) {
    const { who, packet } = probe;
    const trace = yield* followFlow(node, packet);
    const ofService = port.service.entries.some(
      (entry) => entry.address && sameAddress(entry.address, packet.destination),
    );
    const nobodys = ofService && !isNodes(node, packet.destination);
    const text = fateOf(leaves(trace.path), probe, nobodys);
    if (text === undefined) continue;
    const address = withPort(packet.destination, packet.destinationPort);
    // A node port is asked at each node's own address.
    const key = ofService ? `${who} ${address}` : `${who} :${packet.destinationPort}`;
    found.set(key, { who, to: l10n.t`${port.service.title} at ${address}`, text });
  }
  return found;
}

type Probe = Pick<Asker, 'who' | 'packet'>;

/** ClusterIPs are routed to from outside in some clusters: their source is what differs then. */
function* fromOutside(node: NodeState, { service, family = 4 }: ProgrammedPort): Generator<Probe> {
  const by = arrivalOf(node, clientOutside);
  if (family !== 4 || by.kind !== 'device') return;
  for (const { kind, address, port } of service.entries) {
    if (kind !== 'cluster-ip' || address?.family !== 4) continue;
    const from = { source: clientOutside, device: by.device };
    const packet = probeOf(from, service.protocol, address, port);
    yield { who: l10n.t('a client outside'), packet };
  }
}

/** An external IP may be an address of the node, to which answers come back. */
function isNodes({ interfaces = [] }: NodeState, wanted: Address): boolean {
  return interfaces.some(
    ({ name, addresses }) =>
      name !== kubeIpvsDevice && addresses.some(({ address }) => sameAddress(address, wanted)),
  );
}

/**
 * Of endpoints that are met by chance, all that may happen; undefined where a guess decides.
 *
 * @param nobodys The asked address is a Service's and no machine's.
 */
function fateOf(ways: readonly Leaf[], { packet }: Probe, nobodys: boolean): string | undefined {
  const texts = new Set<string>();
  let guessed = false;
  for (const { verdict, branches } of ways) {
    if (verdict.kind === 'UNKNOWN') return undefined;
    guessed ||= branches.some(({ unknown }) => unknown !== undefined);
    if (verdict.kind !== 'ACCEPT') {
      texts.add(verdict.kind === 'REJECT' ? l10n.t('is refused') : l10n.t('is dropped'));
      continue;
    }
    const { source } = verdict.final!;
    if (verdict.delivered === 'local') texts.add(l10n.t('ends on the node itself'));
    else if (nobodys && sameAddress(source, packet.destination)) {
      // The address itself is not told: Services that fare alike are one line.
      texts.add(l10n.t("leaves with the Service's address as its source: no answer comes back"));
    } else if (packet.inInterface === undefined) texts.add(l10n.t('gets through'));
    else if (sameAddress(source, packet.source)) {
      texts.add(l10n.t('gets through, and is seen with its own address'));
    } else texts.add(l10n.t("gets through, and is seen with the node's address"));
  }
  // Whichever way an open question goes, the fate may be the same.
  return guessed && texts.size > 1 ? undefined : list([...texts].sort(), 'or') || undefined;
}
