import type { ServiceEntryKind } from '../../service';
import type { NoEndpoint } from '../../objects/noEndpoint';
import { worstFirst, type Outcome, type OutcomeKind } from '../outcome';

/** Who sends packets to a Service. `barred`: whom its source ranges do not let in, by intent. */
export type Client = 'pods' | 'node' | 'outside' | 'barred';

/** One who asks, and what becomes of it. */
export interface Asked {
  /** undefined for a ping, which says nothing of the Service. */
  readonly client: Client | undefined;
  readonly via: ServiceEntryKind;
  readonly outcomes: readonly Outcome[];
}

/** `works`: all of its packets are delivered; `partly`: some are, others are not; else what becomes of them. */
export type Fate = 'works' | 'partly' | Exclude<OutcomeKind, 'delivered'>;

/** Those who fare alike. */
export interface VerdictPart {
  readonly fate: Fate;
  /** `via`, where the same client fares otherwise by another way in. */
  readonly who: readonly { readonly client: Client; readonly via?: ServiceEntryKind }[];
}

export type Tone = 'good' | 'mixed' | 'bad' | 'unknown';

/** Of what becomes of one packet by itself. What a program does with a packet that it was handed, no dump shows. */
export const outcomeTones: Readonly<Record<OutcomeKind, Tone>> = {
  delivered: 'good',
  passed: 'unknown',
  refused: 'bad',
  unreachable: 'bad',
  silence: 'bad',
  stolen: 'unknown',
  unknown: 'unknown',
};

/** What a Service port does on a node, in one line; `verdictText` says it. */
export interface FlowVerdict {
  readonly tone: Tone;
  /** What works first, then the worst. */
  readonly parts: readonly VerdictPart[];
  /** Why it has no endpoint, where that is why it fails. */
  readonly cause?: NoEndpoint;
  /** What it takes for granted of rules that no dump shows. */
  readonly conditions: readonly string[];
}

export function verdictOf(asked: readonly Asked[], cause?: NoEndpoint): FlowVerdict {
  const parts = new Map<Fate, { client: Client; via?: ServiceEntryKind }[]>();
  for (const client of ['pods', 'node', 'outside', 'barred'] as const) {
    const own = asked.filter((one) => one.client === client);
    const fates = new Set(own.map(fateOf));
    for (const fate of fates) {
      const ways = new Set(own.filter((one) => fateOf(one) === fate).map(({ via }) => via));
      const who = fates.size === 1 ? [{ client }] : [...ways].map((via) => ({ client, via }));
      parts.set(fate, [...(parts.get(fate) ?? []), ...who]);
    }
  }
  const shown = [...parts]
    .map(([fate, who]): VerdictPart => ({ fate, who }))
    .sort((a, b) => rank(a.fate) - rank(b.fate));
  const conditions = asked.flatMap(({ outcomes }) =>
    outcomes.flatMap((one) => one.condition ?? []),
  );
  const fails = shown.some(({ fate }) => fate !== 'works');
  return {
    tone: toneOf(shown),
    parts: shown,
    conditions: [...new Set(conditions)],
    ...(cause && fails ? { cause } : {}),
  };
}

/** Of one packet: that no endpoint has it is no fault, but nothing here tells who does. */
export function packetVerdict(outcomes: readonly Outcome[]): FlowVerdict {
  const arrives = outcomes.some(({ kind }) => kind === 'delivered');
  const own = outcomes.map((one) =>
    one.kind === 'passed' && arrives ? { ...one, kind: 'delivered' as const } : one,
  );
  const asked: Asked = { client: 'pods', via: 'virtual', outcomes: own };
  const { parts, tone, ...verdict } = verdictOf([asked]);
  const passes = parts.some(({ fate }) => fate === 'passed');
  return {
    ...verdict,
    tone: passes ? outcomeTones.passed : tone,
    parts: parts.map(({ fate }) => ({ fate, who: [] })),
  };
}

function fateOf({ outcomes }: Asked): Fate {
  const kinds = new Set(outcomes.map(({ kind }) => kind));
  const [only] = kinds;
  if (kinds.size === 1 && only) return only === 'delivered' ? 'works' : only;
  if (kinds.has('unknown')) return 'unknown';
  return kinds.has('delivered') ? 'partly' : (worstFirst.find((kind) => kinds.has(kind)) as Fate);
}

function rank(fate: Fate): number {
  if (fate === 'works') return -2;
  return fate === 'partly' ? -1 : worstFirst.indexOf(fate);
}

/** That those are kept out whom the source ranges do not let in is what its owner wants. */
function toneOf(parts: readonly VerdictPart[]): Tone {
  const counted = parts.filter(
    ({ fate, who }) => fate === 'works' || who.some(({ client }) => client !== 'barred'),
  );
  const has = (fate: Fate) => counted.some((part) => part.fate === fate);
  const failing = counted.some(
    ({ fate }) => fate === 'partly' || (fate !== 'works' && outcomeTones[fate] === 'bad'),
  );
  if (failing) return has('works') || has('partly') ? 'mixed' : 'bad';
  if (has('unknown') || has('stolen') || counted.length === 0) return 'unknown';
  if (has('passed')) return has('works') ? 'mixed' : 'bad';
  return 'good';
}
