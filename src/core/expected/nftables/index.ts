import * as l10n from '@vscode/l10n';
import type { Family } from '../../address';
import { mapInPieces, type Work } from '../../work';
import type { ExpectedInput } from '../input';
import type { ExpectedRule, ExpectedRuleset, UnknownPart } from '../rules';
import { servicePortsOf } from '../servicePorts';
import { contextOf, type NftablesContext } from './context';
import { addNodeRules } from './nodeRules';
import { addServicePort } from './servicePort';
import { addSets } from './sets';

/** The table of nftables mode for one family; gives way every some Service ports. */
export function* nftablesRules(input: ExpectedInput, family: Family): Work<ExpectedRuleset> {
  const servicePorts = yield* servicePortsOf(input, family);
  yield;
  const context = contextOf(input, family);
  addSets(context);
  addNodeRules(context);
  for (const [i, port] of servicePorts.entries()) {
    yield* addServicePort(context, port);
    if (i % 32 === 31) yield;
  }
  for (const { elements } of context.table.sets.values()) yield* keepFirst(elements);
  return {
    mode: 'nftables',
    family,
    servicePorts,
    tables: new Map([[context.table.name, context.table]]),
    unknown: unknownOf(context),
  };
}

/**
 * A set holds each element once, though several Service ports ask for it. Where they ask for the same key
 * of a map (two Services with one external IP), any of them may have come last.
 */
function* keepFirst(elements: ExpectedRule[]): Work<void> {
  const places = new Map<string, number>();
  let length = 0;
  yield* mapInPieces(elements, (element) => {
    const key = element.text.replace(/ comment "[^"]*"/, '').split(' : ', 1)[0]!;
    const place = places.get(key);
    if (place === undefined) {
      places.set(key, length);
      elements[length++] = element;
      return;
    }
    const first = elements[place]!;
    if (first.text === element.text) return;
    elements[place] = { ...first, also: [...(first.also ?? []), element.text] };
  });
  elements.length = length;
}

function unknownOf({ nodePorts, input }: NftablesContext): readonly UnknownPart[] {
  const unknown: UnknownPart[] = [];
  if (nodePorts.kind === 'unknown') {
    const reason = l10n.t`The addresses that node ports answer on are unknown: ${nodePorts.reason}.`;
    unknown.push({ role: 'node-ports', reason });
  }
  if (!input.objects.serviceCidrs) {
    const reason = l10n.t('No ServiceCIDR is at hand, so the range of ClusterIPs is unknown.');
    unknown.push({ role: 'service-ranges', reason });
  }
  return unknown;
}
