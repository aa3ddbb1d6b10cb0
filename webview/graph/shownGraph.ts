import { foldChains } from '../../src/core/flow/fold';
import { withHeat } from '../../src/core/flow/counters/heat';
import { withLiveRates, withRateHeat, type LiveRates } from '../../src/core/flow/counters/liveHeat';
import type { FlowEntry, FlowGraph, FlowNode } from '../../src/core/flow/graph';
import { groupEndpoints } from '../../src/core/flow/group';
import type { PanelState, ToWebview } from '../../src/flow/protocol';

export type GraphMessage = Extract<ToWebview, { type: 'graph' }>;

/** How a graph is drawn beside what the user chose. */
export interface Drawing {
  /** Counters that are read every few seconds: they stand in place of the dump's own. */
  readonly rates: LiveRates | undefined;
  /** Chains are folded, until they are opened. */
  readonly narrow: boolean;
}

/** A graph as the host sent it and as it is drawn. */
export class ShownGraph {
  /** `sent.graph` with its endpoints grouped, chains folded and counters at its edges. */
  readonly drawn: FlowGraph;
  readonly isHot: boolean;

  /** @param expanded The ids of the groups that are open. */
  constructor(
    readonly sent: GraphMessage,
    state: PanelState,
    { rates, narrow }: Drawing,
    readonly expanded: ReadonlySet<string>,
  ) {
    this.isHot = state.heat ?? sent.heat;
    const graph = rates ? withLiveRates(sent.graph, rates) : sent.graph;
    const grouped = groupEndpoints(graph, state.groupBy ?? 'share');
    const folded = narrow && state.unfolded !== true ? foldChains(grouped) : grouped;
    this.drawn = rates ? withRateHeat(folded) : this.isHot ? withHeat(folded) : folded;
  }

  node(id: string): FlowNode | undefined {
    return this.drawn.nodes.find((node) => node.id === id);
  }

  entry(id: string | undefined): FlowEntry | undefined {
    return this.drawn.entries.find(({ node }) => node === id);
  }

  /** The open groups once this one is opened or shut. */
  toggled(id: string): ReadonlySet<string> {
    const expanded = new Set(this.expanded);
    if (!expanded.delete(id)) expanded.add(id);
    return expanded;
  }

  /** The ids that the host knows: of what was grouped here, those of its parts. */
  membersOf(kind: 'node' | 'edge', id: string): readonly string[] {
    if (kind === 'edge') return this.drawn.edges.find((edge) => edge.id === id)?.members ?? [id];
    return this.node(id)?.members?.map((member) => member.id) ?? [id];
  }

  /** The id of what stands for a node in the picture: itself, or the closed group that it is in. */
  drawnId(id: string): string {
    const group = this.drawn.nodes.find(({ members }) =>
      members?.some((member) => member.id === id),
    );
    return group && !this.expanded.has(group.id) ? group.id : id;
  }
}
