import type { CancellationToken, Event, Uri } from 'vscode';
import type { ItemDetails } from '../core/flow/details';
import type { FlowFinding } from '../core/flow/flowFindings';
import type { FlowGraph } from '../core/flow/graph';
import type { SourceRange } from '../core/source';
import type { Successor } from '../workspace/clusters/dumpFiles';
import type { LiveSource } from './live';
import type { PacketSuggestions } from './packetInput';
import type { Choice } from './protocol';

/** A Service port to choose. */
export interface ServiceChoice extends Choice {
  /** Where it is reached: `10.96.0.10:53/UDP`. */
  readonly description: string;
  /** `3 endpoints`, `no endpoints`. */
  readonly detail: string;
}

export interface FlowRequest {
  /** A dump, or another text of the same node. */
  readonly uri: Uri;
  /** The id of a `ServiceChoice`, or a packet as `parsePacket` reads it. */
  readonly service: string;
  /** One of `FlowAnswer.nodes`; without it, the node that the dump is of. */
  readonly node?: string | undefined;
  /** Asks with a ping to the ClusterIP, too. */
  readonly ping?: boolean | undefined;
}

export interface FlowAnswer {
  readonly graph: FlowGraph;
  /** All nodes whose dumps lie together, the one shown among them. */
  readonly nodes: readonly Choice[];
  readonly node: string;
  /** There are other nodes, or may be some that are not fetched yet, to compare a Service port on. */
  readonly comparable: boolean;
  /** What is wrong with what the graph shows, the worst first: looked for when it is asked. */
  findings(token: CancellationToken): Promise<readonly FlowFinding[]>;
  /** Reads the counters of its rules as they are now; undefined where no cluster answers. */
  readonly live?: (() => Promise<LiveSource>) | undefined;
  /** Where in its document a place of the graph or of a finding stands: a pasted text is read without its margins. */
  original(range: SourceRange): SourceRange;
  /** What there is to say of the rules and rows at places of the graph. */
  describe(ranges: readonly SourceRange[]): Promise<ItemDetails>;
}

/** A Service port that is not in a node's dumps. */
export interface Absence {
  /** Why, as far as the dumps and objects tell. */
  readonly reason: string;
  /** Fetches the node's dumps again; undefined where no cluster answers now. */
  readonly fetch: (() => Promise<unknown>) | undefined;
}

/** Where the panels get what they show; extension.ts gives it, so this folder knows no other. */
export interface FlowSource {
  /** The Service ports of a dump, in the order to offer; rejects when the dump can't be read. */
  services(uri: Uri, token: CancellationToken): Promise<readonly ServiceChoice[]>;
  /** Ends of packets to choose from; rejects when the dump can't be read. */
  packets(uri: Uri): Promise<PacketSuggestions>;
  /** undefined when the dumps know no such Service port; rejects when they can't be read. */
  graph(request: FlowRequest, token: CancellationToken): Promise<FlowAnswer | undefined>;
  /** Why a node's dumps may know no such Service port. */
  absence(uri: Uri, service: string): Promise<Absence>;
  /** A node was captured anew: whoever shows the capture so far goes on to the newer one. */
  readonly onDidCapture: Event<Successor>;
  /** A dump changed: all that was read from it may be different. */
  readonly onDidChange: Event<Uri>;
}
