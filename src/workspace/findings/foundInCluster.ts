import { faultsOf, type Finding } from '../../core/finding';
import type { CheckedNode } from './checkedNode';

/** Errors and warnings of a cluster's nodes, as far as they were looked at. */
export interface FoundInCluster {
  /** By `namespace/name`; what several nodes have counts once. */
  readonly services: ReadonlyMap<string, readonly Finding[]>;
  /** By name: all of the node's, those of its Services too. */
  readonly nodes: ReadonlyMap<string, readonly Finding[]>;
}

/** What is wrong in a cluster by what is wrong with each of its nodes, by their names. */
export function foundInCluster(checked: ReadonlyMap<string, CheckedNode>): FoundInCluster {
  const services = new Map<string, Map<string, Finding>>();
  const nodes = new Map<string, readonly Finding[]>();
  for (const [node, { findings, services: byService }] of checked) {
    nodes.set(node, faultsOf(findings));
    for (const [name, found] of byService) {
      const own = services.get(name) ?? new Map<string, Finding>();
      services.set(name, own);
      for (const finding of faultsOf(found)) own.set(`${finding.code} ${finding.message}`, finding);
    }
  }
  return {
    services: new Map([...services].map(([name, own]) => [name, [...own.values()]])),
    nodes,
  };
}
