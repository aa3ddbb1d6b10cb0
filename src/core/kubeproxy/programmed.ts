import type { Family } from '../address';
import { markRoles, type MarkRole } from '../marks/roles';
import type { NodeState } from '../node';
import type { ServiceObject } from '../objects/types';
import { workOnceOfTwo } from '../once';
import type { Ruleset, Table } from '../rules/ruleset';
import type { ServiceView } from '../service';
import type { Work } from '../work';
import { knownServicePorts } from './dictionary';
import { searchIpvs } from './ipvs/services';
import { localTrafficSeen, type SeenTraffic } from './localTraffic';
import { judgeMode } from './mode/judge';
import type { ModeJudgement } from './mode/sign';
import { nodePortsSeen } from './nodePortAddresses';
import type { NodePortAddressesSeen } from './seen';
import { proxyTablesOf, searchTable } from './nftables/services';
import { searchServices, type ServiceSearch } from './iptables/services';

/** One Service port with the rules that it was found in; ipvs mode has it in none. */
export interface ProgrammedPort {
  readonly service: ServiceView;
  /** Of iptables mode. */
  readonly ruleset?: Ruleset;
  /** Of nftables mode. */
  readonly table?: Table;
  /** Of the rules; undefined where they are of none. */
  readonly family?: Family;
}

/** What kube-proxy programmed on a node, as far as its dumps tell. */
export interface Programmed {
  readonly mode: ModeJudgement;
  /** Of the mode that kube-proxy runs in, of both families; of every mode where it is not known. */
  readonly ports: readonly ProgrammedPort[];
  /** What only another mode's rules hold: left over, or in force beside. */
  readonly otherPorts: readonly ProgrammedPort[];
  /** What was searched in each ruleset, with names and comments that disagree. */
  readonly searches: ReadonlyMap<Ruleset, ServiceSearch>;
  /** What tells traffic of local Pods, by family; empty where the rules show no Service. */
  readonly localTraffic: readonly SeenTraffic[];
  /** What the masquerade and drop bits are. */
  readonly marks: readonly MarkRole[];
  /** Where node ports answer; undefined where no rule shows it. */
  readonly nodePorts: NodePortAddressesSeen | undefined;
}

const noObjects: readonly ServiceObject[] = [];

/**
 * What kube-proxy programmed here: the one door to it, whatever its mode. Worked out once for a
 * node's state; yields about every millisecond.
 *
 * @param services give names to hashes, and join the virtual servers of a Service
 */
export function programmed(
  node: NodeState,
  services: readonly ServiceObject[] = noObjects,
): Work<Programmed> {
  return programmedOnce(node, services);
}

const programmedOnce = workOnceOfTwo(function* (
  node: NodeState,
  services: readonly ServiceObject[],
): Work<Programmed> {
  const mode = yield* judgeMode(node);
  yield;
  const searches = new Map<Ruleset, ServiceSearch>();
  for (const ruleset of node.rulesets) {
    searches.set(ruleset, yield* servicesOf(ruleset, services));
  }
  const ofNft: ProgrammedPort[] = [];
  for (const table of proxyTablesOf(node.nftables)) {
    const family = familyOf(table);
    for (const service of yield* tableServicesOf(table, services)) {
      ofNft.push({ service, table, family });
    }
  }
  const ofIpvs = (yield* ipvsServicesOf(node, services)).map((service) => ({ service }));
  const all = [...ofIpvs, ...ofRules(searches), ...ofNft];
  const isOwn = ({ service }: ProgrammedPort) =>
    mode.mode === undefined || service.mode === mode.mode;
  const own = mode.mode ?? mode.candidates[0] ?? 'iptables';
  // Each of these decodes some rules for the first time.
  yield;
  const localTraffic = localTrafficSeen(node, own);
  yield;
  const marks = markRoles(node.rulesets);
  yield;
  // A cluster of IPv6 alone has no rules of the other family.
  const nodePorts = nodePortsSeen(node, own, 4) ?? nodePortsSeen(node, own, 6);
  yield;
  return {
    mode,
    ports: all.filter(isOwn),
    otherPorts: all.filter((port) => !isOwn(port)),
    searches,
    localTraffic,
    marks,
    nodePorts,
  };
});

/** The Services of one dump's rules, searched once. */
export function servicesOf(
  ruleset: Ruleset,
  services: readonly ServiceObject[] = noObjects,
): Work<ServiceSearch> {
  return searchOnce(ruleset, services);
}

const searchOnce = workOnceOfTwo((ruleset: Ruleset, services: readonly ServiceObject[]) =>
  searchServices(ruleset, knownServicePorts(services)),
);

/** The Services of one table of nftables mode, searched once. */
export function tableServicesOf(
  table: Table,
  services: readonly ServiceObject[] = noObjects,
): Work<readonly ServiceView[]> {
  return searchTableOnce(table, services);
}

const searchTableOnce = workOnceOfTwo((table: Table, services: readonly ServiceObject[]) =>
  searchTable(table, services),
);

/** Of kube-proxy's tables, which are never of both. */
export function familyOf({ family }: Table): Family {
  return family === 'ip6' ? 6 : 4;
}

/** The Services that a node's virtual servers are of, joined once. */
export function ipvsServicesOf(
  node: NodeState,
  services: readonly ServiceObject[] = noObjects,
): Work<readonly ServiceView[]> {
  return searchIpvsOnce(node, services);
}

const searchIpvsOnce = workOnceOfTwo(function* (
  { ipvs, sets }: NodeState,
  services: readonly ServiceObject[],
): Work<readonly ServiceView[]> {
  return ipvs ? yield* searchIpvs(ipvs, sets, services) : [];
});

function ofRules(searches: ReadonlyMap<Ruleset, ServiceSearch>): ProgrammedPort[] {
  return [...searches].flatMap(([ruleset, { services }]) =>
    services.map((service) => ({ service, ruleset, family: ruleset.family })),
  );
}
