import { l10n } from '../../l10n';
import { formatAddress, type Family } from '../../address';
import { heldSetupOf, type HeldSetup, type WantedPort } from '../../expected/agreement/endpoints';
import { otherRulesOf, type OtherRules } from '../../expected/agreement/otherRules';
import { endpointsIn, type ProgrammedEndpoints } from '../../kubeproxy/endpointsIn';
import { proxyTablesOf } from '../../kubeproxy/nftables/services';
import { familyOf } from '../../kubeproxy/programmed';
import { modeOf } from '../../kubeproxy/mode/judge';
import type { NodeState } from '../../node';
import type { IndexedObjects } from '../../objects/types';
import type { Ruleset } from '../../rules/ruleset';
import type { ServiceView } from '../../service';
import { unknown, type Unknown } from '../../truth';
import { parseServiceId, serviceId } from '../../kubeproxy/serviceId';
import { drawableServices, type DrawableService } from '../services';
import { endsOf } from './ends';
import { known, type Fact } from '../../fact';
import { modeText } from './modeText';
import { withoutStop } from '../../sentence';

/** What a node's dumps program of one Service port: small enough to keep for 1,000 nodes. */
export interface ProgrammedService {
  /** As the folder of its dumps names the node. */
  readonly node: string;
  /** The node's own addresses, to know its Node by. */
  readonly addresses: readonly string[];
  readonly mode: Fact<string>;
  /** undefined where no rule of the node is about the Service port. */
  readonly endpoints: Fact<ProgrammedEndpoints | undefined>;
  /** Which entries end in a drop, a refusal or nowhere: `NodePort: dropped, no local endpoints`. */
  readonly ends: Fact<readonly string[]>;
  /** By what its endpoints are judged. */
  readonly setup: HeldSetup;
  /** undefined where nothing tells. */
  readonly otherRules: OtherRules | undefined;
  /** As `NodeState.captured`. */
  readonly captured: string | undefined;
  /** As `NodeState.partial`. */
  readonly partial?: string;
}

/**
 * Reads from a node's dumps what they program of a Service port. Yields often, for callers that
 * must not block.
 */
export function* programmedService(
  state: NodeState,
  wanted: WantedPort,
  objects?: IndexedObjects,
): Generator<undefined, ProgrammedService> {
  const addresses = addressesOf(state);
  const facts = {
    node: state.name,
    addresses,
    setup: yield* heldSetupOf(state, objects, addresses),
    otherRules: yield* otherRulesOf(state, objects, wanted),
    mode: modeText(state),
    captured: state.captured,
    ...(state.partial === undefined ? {} : { partial: state.partial }),
  };
  const { mode } = modeOf(state);
  const tables = proxyTablesOf(state.nftables);
  if (mode === 'nftables' && tables.length === 0) {
    const why = unknown(l10n.t`rules of nftables mode are not read`);
    return { ...facts, endpoints: why, ends: why };
  }
  yield;
  const services = yield* drawableServices(state, undefined, objects?.services);
  const found = pick(services, state.rulesets, wanted, mode);
  if (!found) {
    const endpoints = absent(state, wanted.family, mode);
    return { ...facts, endpoints, ends: 'unknown' in endpoints ? endpoints : known([]) };
  }
  const cut = cutTable(found, state);
  const endpoints = cut ?? known(yield* endpointsIn(state, found));
  return { ...facts, endpoints, ends: known(yield* endsOf(state, found)) };
}

/** Leftovers of another mode may be of the same Service port: kube-proxy's own mode counts. */
function pick(
  services: readonly DrawableService[],
  rulesets: readonly Ruleset[],
  { id, family }: WantedPort,
  mode: string | undefined,
): DrawableService | undefined {
  const { base } = parseServiceId(id);
  const rank = ({ mode: own }: ServiceView) => (own === mode || mode === undefined ? 0 : 1);
  const [best] = services
    .filter(({ service }) => serviceId(service) === base)
    .filter((one) => isOf(one, family))
    .sort((left, right) => rank(left.service) - rank(right.service));
  if (best?.service.mode !== 'ipvs') return best;
  // Its virtual servers are of both families, its rules of one.
  const ruleset = rulesets.find((one) => one.family === family);
  return ruleset && { ...best, family, ruleset };
}

function isOf({ service, family: own }: DrawableService, family: Family): boolean {
  if (service.mode !== 'ipvs') return own === family;
  return service.entries.some(({ address }) => address?.family === family);
}

/** Is the Service port surely in no rule, or do the dumps not hold the answer? */
function absent(
  { missing = [], nftables, partial }: NodeState,
  family: Family,
  mode: string | undefined,
): Fact<undefined> {
  if (mode === 'nftables') return absentInTable(nftables, family);
  // The dump that has it, or that tells the mode, may be one that was not taken.
  if (partial !== undefined)
    return unknown(l10n.t`the node was not captured whole: ${withoutStop(partial)}`);
  const part = mode === 'ipvs' ? 'IPVS' : family === 4 ? 'IPv4 rules' : 'IPv6 rules';
  const lacking = missing.find((one) => one.part === part);
  return lacking ? unknown(withoutStop(lacking.reason)) : known(undefined);
}

/** A listing of one table, without elements (`nft -t`) or cut tells nothing of what it lacks. */
function absentInTable(nftables: NodeState['nftables'], family: Family): Fact<undefined> {
  const table = proxyTablesOf(nftables).find((one) => familyOf(one) === family);
  const whole = table
    ? table.complete && [...(table.sets?.values() ?? [])].every(({ complete }) => complete)
    : nftables?.complete === true;
  return whole
    ? known(undefined)
    : unknown(l10n.t`the listing of nft has not all of kube-proxy's IPv${family} rules`);
}

function cutTable(
  { ruleset, table, service: { mode } }: DrawableService,
  { ipvs }: NodeState,
): Unknown | undefined {
  if (mode === 'ipvs' && ipvs?.incomplete !== undefined)
    return unknown(withoutStop(ipvs.incomplete));
  if (table?.complete === false)
    return unknown(l10n.t`the dump ends within the table ${table.name}`);
  if (mode !== 'iptables' || ruleset?.tables.get('nat')?.complete !== false) return undefined;
  return unknown(l10n.t`the dump ends within the table nat`);
}

function addressesOf({ interfaces = [] }: NodeState): string[] {
  return interfaces
    .filter(({ name }) => name !== 'kube-ipvs0')
    .flatMap(({ addresses }) => addresses)
    .filter(({ scope }) => scope === 'global')
    .map(({ address }) => formatAddress(address));
}
