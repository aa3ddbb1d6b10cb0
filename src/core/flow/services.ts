import type { Family } from '../address';
import { proxyTablesOf } from '../kubeproxy/nftables/services';
import { familyOf, ipvsServicesOf, servicesOf, tableServicesOf } from '../kubeproxy/programmed';
import type { NodeState } from '../node';
import type { ServiceObject } from '../objects/types';
import type { Ruleset, Table } from '../rules/ruleset';
import type { ServiceView } from '../service';
import { serviceId } from '../kubeproxy/serviceId';

/** A Service port to draw, with the rules it is drawn from. */
export interface DrawableService {
  /** As `serviceId` names it; of several alike, the later ones bear their family or mode. */
  readonly id: string;
  readonly service: ServiceView;
  readonly family: Family;
  /** Of iptables and ipvs mode. */
  readonly ruleset?: Ruleset;
  /** Of nftables mode. */
  readonly table?: Table;
}

/**
 * The Service ports of a node's dumps: of both families, of iptables and nftables mode and, joined
 * by objects, of ipvs mode. Yields often, for callers that must not block.
 *
 * @param source Only those of this dump, where it has rules; else all of the node.
 */
export function* drawableServices(
  node: NodeState,
  source?: string,
  objects?: readonly ServiceObject[],
): Generator<undefined, DrawableService[]> {
  const { rulesets, nftables } = node;
  const own = rulesets.filter((ruleset) => ruleset.source === source);
  const found = new Map<string, DrawableService>();
  const add = (drawable: Omit<DrawableService, 'id'>, more: string) => {
    const plain = serviceId(drawable.service);
    const id = found.has(plain) ? `${plain} ${more}` : plain;
    if (!found.has(id)) found.set(id, { id, ...drawable });
  };
  if (own.length === 0) {
    for (const table of proxyTablesOf(nftables)) {
      const family = familyOf(table);
      for (const service of yield* tableServicesOf(table, objects)) {
        add({ service, family, table }, `IPv${family}`);
      }
    }
    if (found.size > 0 && nftables?.source === source) return [...found.values()];
  }
  const ipvsServices = yield* ipvsServicesOf(node, objects);
  for (const service of ipvsServices) {
    const family = service.entries[0]?.address?.family ?? 4;
    const ruleset = rulesetOf(own, family) ?? rulesetOf(rulesets, family);
    if (ruleset && (own.length === 0 || own.includes(ruleset)))
      add({ service, family, ruleset }, `IPv${family}`);
    yield;
  }
  for (const ruleset of own.length > 0 ? own : rulesets) {
    const { services } = yield* servicesOf(ruleset, objects);
    const mode = ipvsServices.length > 0 ? 'iptables mode' : `IPv${ruleset.family}`;
    const { family } = ruleset;
    for (const service of services) add({ service, family, ruleset }, mode);
  }
  return [...found.values()];
}

function rulesetOf(rulesets: readonly Ruleset[], family: Family): Ruleset | undefined {
  return rulesets.find((ruleset) => ruleset.family === family);
}
