import type { SourceRange } from '../source';
import type { Counters } from './counters';
import type { Expression, MapExpression } from './expression';
import type { Match } from './match';
import type { SetReference } from './set';
import type { Target } from './target';
import type { Pattern } from './value';
import type { ContinueVerdict } from './verdict';
import type { NamedMatch, QuotaMatch } from './statefulMatch';

interface StatementBase {
  readonly range: SourceRange;
}

/**
 * `tcp dport 80`, `ip saddr != 10.42.0.0/16`, `meta mark & 0x4000 != 0`. `any` is the operator that
 * nft leaves out before flags: `ct state new,established` holds when any of the bits is set; `none`
 * is `tcp flags ! syn`. `ct status != dnat` compares the whole word: nft(8), "Expressions".
 */
export interface CompareMatch extends StatementBase {
  readonly kind: 'compare';
  readonly left: Expression;
  readonly operator: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'any' | 'none';
  readonly right: Pattern;
}

/** `ip daddr @cluster-ips`, `tcp dport { 80, 443 }`, `ip saddr . ip daddr != @pairs`. */
export interface LookupMatch extends StatementBase {
  readonly kind: 'lookup';
  readonly key: Expression;
  readonly set: SetReference;
  readonly negated: boolean;
}

/**
 * `counter name tcp dport map { 80 : "web" }`: the object of the table that the map gives; without an
 * element the rule fails (nft_objref_map_eval).
 */
export interface ObjectMapMatch extends StatementBase {
  readonly kind: 'object-map';
  readonly object: 'counter' | 'limit' | 'quota' | 'ct helper' | 'ct timeout' | 'ct expectation';
  readonly map: MapExpression;
}

/** A match that only nft has. What it can't read of a condition is an UnmodelledMatch or `unknown`. */
export type NftMatch = CompareMatch | LookupMatch | QuotaMatch | NamedMatch | ObjectMapMatch;

/** `KEY vmap @map`, `KEY vmap { 0 : goto a, 1 : goto b }`: without an element the rule fails. */
export interface VerdictMapAction extends StatementBase {
  readonly kind: 'vmap';
  readonly key: Expression;
  readonly map: SetReference;
}

/** `meta mark set meta mark | 0x4000`, `ct mark set meta mark`, `ip dscp set cs1`. */
export interface AssignAction extends StatementBase {
  readonly kind: 'assign';
  /** A meta, ct or payload expression, or unknown. */
  readonly to: Expression;
  readonly value: Expression;
}

/**
 * `update @set { ip saddr timeout 10s }`, `add @map { ip saddr : meta mark }`, also `meter`. A full
 * set fails the rule (nft_dynset.c); so does what is asked for each element.
 */
export interface SetUpdateAction extends StatementBase {
  readonly kind: 'set-update';
  readonly operation: 'add' | 'update' | 'delete';
  /** Name of the set. */
  readonly set: string;
  readonly key: Expression;
  readonly data?: Expression;
  /** Seconds. */
  readonly timeout?: number;
  /** For each element: `limit rate over 5/minute`, `ct count over 3`. */
  readonly statements: readonly Statement[];
}

/** `counter packets 5 bytes 300`, `counter name "x"`: counts what comes so far in its rule. */
export interface CounterAction extends StatementBase {
  readonly kind: 'counter';
  readonly counters?: Counters;
  readonly name?: string;
}

/** `tproxy to :15001`: without a socket the rule fails; with one it goes on (nft_tproxy.c). */
export interface SocketAction extends StatementBase {
  readonly kind: 'tproxy';
  readonly text: string;
}

/** `fwd to "eth1"` takes the packet out of the device's way. */
export interface ForwardAction extends StatementBase {
  readonly kind: 'fwd';
  readonly text: string;
}

/** Changes nothing a trace follows: `last used never`, `dup to`, `flow add @f`, `ct helper set`. */
export interface NeutralAction extends StatementBase {
  readonly kind: 'neutral';
  readonly text: string;
  /** The rule fails for packets of another one. */
  readonly protocol?: number;
}

/** A statement that is not understood: it may ask, change or decide anything. */
export interface UnknownStatement extends StatementBase {
  readonly kind: 'unknown';
  /** As written. */
  readonly text: string;
}

/** An action that only nft has. */
export type NftAction =
  | VerdictMapAction
  | AssignAction
  | SetUpdateAction
  | CounterAction
  | ContinueVerdict
  | SocketAction
  | ForwardAction
  | NeutralAction
  | UnknownStatement;

/** What decides whether the rule goes on, and changes nothing of the packet. */
export type MatchStatement = Match | NftMatch;

/** What happens to the packet. */
export type Action = Target | NftAction;

/**
 * One step of a rule. They are carried out from left to right until one fails; what stands before it
 * has happened (nft_do_chain, net/netfilter/nf_tables_core.c).
 */
export type Statement = MatchStatement | Action;
