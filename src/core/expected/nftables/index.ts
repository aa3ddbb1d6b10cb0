import type { Family } from '../../address';
import type { Work } from '../../work';
import type { ExpectedInput } from '../input';
import type { ExpectedRuleset, UnknownPart } from '../rules';
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
    addServicePort(context, port);
    if (i % 32 === 31) yield;
  }
  for (const { elements } of context.table.sets.values()) keepFirst(elements);
  return {
    mode: 'nftables',
    family,
    servicePorts,
    tables: new Map([[context.table.name, context.table]]),
    unknown: unknownOf(context),
  };
}

/** A set holds each element once, though several Service ports ask for it. */
function keepFirst(elements: { readonly text: string }[]): void {
  const seen = new Set<string>();
  let length = 0;
  for (const element of elements) {
    if (seen.has(element.text)) continue;
    seen.add(element.text);
    elements[length++] = element;
  }
  elements.length = length;
}

function unknownOf({ nodePorts, input }: NftablesContext): readonly UnknownPart[] {
  const unknown: UnknownPart[] = [];
  if (nodePorts.kind === 'unknown') {
    const reason = `Which addresses node ports answer on: ${nodePorts.reason}.`;
    unknown.push({ role: 'node-ports', reason });
  }
  if (!input.objects.serviceCidrs) {
    const reason = 'No ServiceCIDR is at hand, so the range of ClusterIPs is not known.';
    unknown.push({ role: 'service-ranges', reason });
  }
  return unknown;
}
