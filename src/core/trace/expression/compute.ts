import { l10n } from '../../l10n';
import type { Expression } from '../../rules/expression';
import type { StatementContext } from '../match/context';
import { undecided } from '../undecided';
import { arithmetic } from './arithmetic';
import type { Computed } from './computed';
import { unsure } from './computed';
import { concatenation } from './concat';
import { conntrackValue } from './conntrack';
import { extensionHeader, optionValue } from './extension';
import { fibValue } from './fib';
import { hashValue, numgen } from './generators';
import { mapValue } from './map';
import { metaValue } from './meta';
import { payloadValue } from './payload';
import { rawValue } from './rawPayload';
import { routingValue } from './routing';

/** What an expression is for the packet where it stands. */
export function compute(expression: Expression, context: StatementContext): Computed {
  switch (expression.kind) {
    case 'constant':
      return { kind: 'values', values: [expression.value] };
    case 'meta':
      return metaValue(expression, context);
    case 'payload':
      return payloadValue(expression, context);
    case 'ct':
      return conntrackValue(expression, context);
    case 'fib':
      return fibValue(expression, context);
    case 'numgen':
      return numgen(expression, context);
    case 'jhash':
    case 'symhash':
      return hashValue(expression, context, compute);
    case 'arithmetic':
      return arithmetic(expression, context, compute);
    case 'concat':
      return concatenation(expression, context, compute);
    case 'map':
      return mapValue(expression, context, compute);
    case 'exthdr':
      return extensionHeader(expression, context);
    case 'option':
      return optionValue(expression, context);
    case 'raw':
      return rawValue(expression, context);
    case 'rt':
      return routingValue(expression, context);
    case 'socket':
    case 'osf':
    case 'ipsec':
      return unsure(expression.text, undecided(expression.kind));
    case 'unknown':
      return unsure(expression.text, l10n.t`“${expression.text}” is not understood`);
  }
}
