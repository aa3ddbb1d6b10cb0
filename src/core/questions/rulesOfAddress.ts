import { sameAddress, type Address } from '../address';
import { programmed } from '../kubeproxy/programmed';
import type { NodeState } from '../node';
import type { ServiceEntry } from '../service';
import { finish } from '../work';

/** A rule, an element or a virtual server that names a Service's address: each asks for a port. */
export interface RuleOfAddress extends ServiceEntry {
  /** As in /etc/protocols. */
  readonly protocol: number;
}

/** What kube-proxy programmed for an address, in the order of its Services. */
export function rulesOfAddress(node: NodeState, address: Address): readonly RuleOfAddress[] {
  return finish(programmed(node)).ports.flatMap(({ service: { entries, protocol } }) =>
    entries.flatMap((entry) =>
      entry.address && sameAddress(entry.address, address) ? [{ ...entry, protocol }] : [],
    ),
  );
}
