import * as l10n from '@vscode/l10n';
import type { Family } from '../../address';
import type { Work } from '../../work';
import type { ExpectedInput } from '../input';
import type { ExpectedRuleset, UnknownPart } from '../rules';
import { servicePortsOf } from '../servicePorts';
import { contextOf, type IptablesContext } from './context';
import { addNodePortJumps, addNodeRules } from './nodeRules';
import { addOlderServicePort } from './olderServicePort';
import { addServicePort } from './servicePort';

/** The rules of iptables mode for one family; gives way every some Service ports. */
export function* iptablesRules(input: ExpectedInput, family: Family): Work<ExpectedRuleset> {
  const servicePorts = yield* servicePortsOf(input, family);
  yield;
  const context = contextOf(input, family, servicePorts);
  addNodeRules(context);
  const add = input.release >= 24 ? addServicePort : addOlderServicePort;
  for (const [i, port] of servicePorts.entries()) {
    yield* add(context, port);
    if (i % 32 === 31) yield;
  }
  addNodePortJumps(context);
  const { filter, nat, mangle } = context;
  return {
    mode: 'iptables',
    family,
    servicePorts,
    tables: new Map([mangle, filter, nat].map((table) => [table.name, table])),
    unknown: unknownOf(context),
  };
}

function unknownOf({ nodePorts }: IptablesContext): readonly UnknownPart[] {
  if (nodePorts.kind !== 'unknown') return [];
  return [
    {
      role: 'node-ports',
      reason: l10n.t`The addresses that node ports answer on are unknown: ${nodePorts.reason}.`,
    },
  ];
}
