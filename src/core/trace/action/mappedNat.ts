import { l10n } from '../../l10n';
import type { Interval } from '../../rules/optionValue';
import type { NatTarget } from '../../rules/target';
import type { Pattern, Value } from '../../rules/value';
import { compute } from '../expression/compute';
import type { Choice } from '../expression/choice';
import { pickElement } from '../expression/map';
import type { Expression } from '../../rules/expression';
import type { StatementContext } from '../match/context';
import type { Effect } from './effect';
import { natTarget } from './nat';

type Parts = readonly (Value | Pattern)[];

/** nft_nat_eval where the address or the port is computed; without one the rule fails. */
export function mappedNat(target: NatTarget, context: StatementContext): Effect {
  const { toAddress, toPort, ...plain } = target;
  const address = toAddress ? partsOf(toAddress, context) : [];
  if ('kind' in address) return address;
  const port = toPort ? partsOf(toPort, context) : [];
  if ('kind' in port) return port;
  const parts = [...address, ...port];
  const addresses = parts.map(addressesOf).find((found) => found !== undefined);
  const ports = parts.map(portsOf).find((found) => found !== undefined);
  return natTarget({ ...plain, ...(addresses && { addresses }), ...(ports && { ports }) }, context);
}

/** The parts of what is computed: an address, a port, or both; intervals are of maps only. */
function partsOf(expression: Expression, context: StatementContext): Parts | Effect | Choice {
  if (expression.kind === 'map') {
    const picked = pickElement(expression, context, compute(expression.key, context));
    if (picked === 'none') return { kind: 'fail' };
    if (!('kind' in picked)) {
      const { data } = picked.element;
      if (data?.kind === 'values') return data.values;
      if (data?.kind === 'patterns') return data.patterns;
      return notKnown(l10n.t`the data of the element is not understood`);
    }
    return picked.kind === 'choice' ? picked : notKnown(picked.unknown ?? picked.what);
  }
  const computed = compute(expression, context);
  switch (computed.kind) {
    case 'values':
      return computed.values;
    case 'fails':
      return { kind: 'fail' };
    case 'choice':
      return computed;
    default:
      return notKnown(computed.what);
  }
}

function notKnown(what: string): Effect {
  const reason = l10n.t`it is translated to something that is not known: ${what}`;
  return { kind: 'end', ending: { kind: 'UNKNOWN', reason }, text: reason };
}

function addressesOf(part: Value | Pattern): NatTarget['addresses'] {
  switch (part.kind) {
    case 'address':
      return { from: part.address, to: part.address };
    case 'addresses':
      return { from: part.from, to: part.to };
    case 'network': {
      const { address, mask } = part.network;
      const words = address.words.map((word, i) => (word | ~mask[i]!) >>> 0);
      return { from: address, to: { family: address.family, words } };
    }
    default:
      return undefined;
  }
}

function portsOf(part: Value | Pattern): Interval | undefined {
  if (part.kind === 'number') return { from: part.number, to: part.number };
  return part.kind === 'numbers' ? { from: part.from, to: part.to } : undefined;
}
