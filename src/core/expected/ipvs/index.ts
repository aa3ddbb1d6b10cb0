import * as l10n from '@vscode/l10n';
import type { Family } from '../../address';
import type { Work } from '../../work';
import type { ExpectedInput } from '../input';
import type { ExpectedRuleset, UnknownPart } from '../rules';
import { servicePortsOf } from '../servicePorts';
import { contextOf, type IpvsContext } from './context';
import { addNodeRules } from './nodeRules';
import { addServicePort } from './servicePort';

/**
 * Rules, sets, virtual servers and the addresses of kube-ipvs0 for one family; gives way every some
 * Service ports. Sets stand in the table `ipset`, virtual servers as chains of the table `ipvs`.
 */
export function* ipvsRules(input: ExpectedInput, family: Family): Work<ExpectedRuleset> {
  const servicePorts = yield* servicePortsOf(input, family);
  yield;
  const context = contextOf(input, family);
  context.dummy.chain('addresses');
  for (const [i, port] of servicePorts.entries()) {
    addServicePort(context, port);
    if (i % 32 === 31) yield;
  }
  addNodeRules(context);
  const { filter, nat, sets, servers, dummy } = context;
  const tables = [filter, nat, sets.table, servers, dummy];
  return {
    mode: 'ipvs',
    family,
    servicePorts,
    tables: new Map(tables.map((table) => [table.name, table])),
    unknown: unknownOf(context),
  };
}

function unknownOf({ nodeAddresses }: IpvsContext): readonly UnknownPart[] {
  if (nodeAddresses) return [];
  const reason = l10n.t(
    "The node's own addresses are not at hand (`ip addr`), so node ports can't be judged.",
  );
  return [{ role: 'node-port', reason }];
}
