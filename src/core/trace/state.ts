import type { Facts } from './facts';
import type { Packet } from '../packet';
import type { ConntrackState } from '../rules/match';
import type { Chain, Rule } from '../rules/ruleset';
import type { ZoneChoice } from '../rules/target';
import type { SourceRange } from '../source';
import type { SetElement } from '../rules/set';
import type { Device } from './device';
import type { Value } from '../rules/value';
import type { Connection, DynamicList, IpvsFlow, IpvsTemplate } from './conntrack/flowState';
import type { BaseChain, HookItem } from './hook/hookItem';
import type { RouteResult } from './route/routeResult';
import type { Ending, Given, Header, Hook, Step } from './trace';

/** What conntrack made of the packet; `unseen` before its hook, where ctstate is INVALID too. */
export type Tracking = 'unseen' | 'invalid' | 'untracked' | 'tracked';

/** A chain being walked; frames are shared between branches and never changed. */
export interface ChainFrame {
  readonly chain: Chain;
  /** The indices of the rules to look at. */
  readonly rules: RuleIndices;
  readonly caller: ChainFrame | undefined;
  /** The place in the caller's `rules` to go on from. */
  readonly returnTo: number;
  readonly depth: number;
}

/** The rules of a chain that a destination leaves in question, read as far as they are asked for. */
export interface RuleIndices {
  at(position: number): number | undefined;
}

/** The elements that a branch has chosen, by the map's expression or statement. */
export type Chosen = ReadonlyMap<object, SetElement | 'none'>;

/** Where a visit of a rule goes on. */
export interface Resume {
  readonly rule: Rule;
  /** The next statement. */
  readonly at: number;
  /** What its statements have done so far. */
  readonly done: readonly string[];
  readonly chosen: Chosen;
  /** The packet's mark and head when it met the rule. */
  readonly mark: number;
  readonly header: Header;
}

/** Where the walk stands within a base chain. */
export interface Walk {
  readonly base: BaseChain;
  frame: ChainFrame;
  position: number;
  /** Where to go on after a fork within a rule. */
  resume: Resume | undefined;
  /** The table has accepted, in a branch of what ended the chain. */
  accepted: boolean;
  /** Jumps by goto since the last frame was pushed: more than there are chains means a loop. */
  gotos: number;
}

/** The hook that runs, with the devices it was called with (struct nf_hook_state). */
export interface HookRun {
  readonly hook: Hook;
  readonly items: readonly HookItem[];
  readonly index: number;
  /** Within a nat item: which of its chains. */
  readonly nat: number;
  readonly inDevice: Device;
  readonly outDevice: Device;
}

/** Where the packet stands between two hooks. */
export type Stage =
  | 'enter'
  | 'arrived'
  | 'prerouting'
  | 'route-in'
  | 'input'
  | 'forward'
  | 'output'
  | 'postrouting'
  | 'transmit'
  | 'delivered';

/** One packet on one branch. Replaced field by field as it goes; a fork copies it. */
export interface State {
  readonly packet: Packet;
  header: Header;
  mark: number;
  tos: number | undefined;
  ttl: number | undefined;
  tracking: Tracking;
  /** A rule before conntrack has given it a zone or a helper: it looks like a NEW connection. */
  template: { readonly zone?: ZoneChoice } | undefined;
  /** What ctstate says while tracked. */
  ctState: ConntrackState;
  reply: boolean;
  connection: Connection | undefined;
  /** IPVS has ended its connection and conntrack's entry with it (ip_vs_conn_drop_conntrack). */
  dropsConnection: boolean;
  /** IPVS's connection table, as far as this branch knows it. */
  ipvs: readonly IpvsFlow[];
  ipvsTemplates: readonly IpvsTemplate[];
  /** skb->ipvs_property: IPVS has had its turn with this packet. */
  ipvsDone: boolean;
  /** IPVS handed it to OUTPUT anew, without a socket (ip_vs_nat_send_or_cont): no route asks for the sender's. */
  reinjected: boolean;
  route: RouteResult | undefined;
  inDevice: Device;
  /** The device of a VRF that it came in by, where `inDevice` is the VRF. */
  slave: Device;
  /** Between two ports of a bridge. */
  switched: boolean;
  /** True for the second way of a packet from the node to itself. */
  looped: boolean;
  /** Of a multicast packet while the copy for the node itself is on its way: the original. */
  original: { readonly header: Header; readonly mark: number } | undefined;
  /** Of the copy of an IPv6 multicast packet: the device by which the packet itself is out. */
  sentBy: Device;
  stage: Stage;
  run: HookRun | undefined;
  walk: Walk | undefined;
  /** The rule of this hook that gave the connection its mapping. */
  mappedBy: SourceRange | undefined;
  /** The packet as a base chain got it, to see what that changed. */
  before:
    | { readonly header: Header; readonly mark: number; readonly tos: number | undefined }
    | undefined;
  /** Why it is to be routed again, of a branch that settled what the routing asked. */
  reroute: string | undefined;
  lists: ReadonlyMap<string, DynamicList> | undefined;
  /** What rules put into maps of nft, by list and key. */
  written: ReadonlyMap<string, readonly Value[]>;
  counters: ReadonlyMap<string, number> | undefined;
  facts: Facts;
  /** What its way so far takes for granted of rules that no dump shows. */
  given: readonly Given[];
  /** How the packet's way ends, of a branch that ends it. */
  ending: Ending | undefined;
  /** Of the path being written. */
  steps: Step[];
}

/** A copy for another branch, with steps of its own. */
export function copy(state: State): State {
  const walk = state.walk && { ...state.walk };
  return { ...state, walk, steps: [] };
}
