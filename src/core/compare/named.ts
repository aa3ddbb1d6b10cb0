import type { Programmed } from '../kubeproxy/programmed';

/** What is programmed on a node, with the name that the comparison gives the node. */
export interface Named {
  readonly name: string;
  readonly what: Programmed;
}
