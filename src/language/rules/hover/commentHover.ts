import * as l10n from '@vscode/l10n';
import { formatAddress } from '../../../core/address';
import { entryNames } from '../../../core/describe/address';
import { formatServicePortName, servicePortNamesIn } from '../../../core/kubeproxy/names';
import { protocolName } from '../../../core/protocol';
import type { ServiceView } from '../../../core/service';
import type { DumpContext } from '../context';
import {
  code,
  lineLink,
  quiet,
  shortList,
  strong,
  type Block,
} from '../../../workspace/hover/content';
import { list } from '../../../core/list';

/** `default/whoami` in a comment: the Service port of that name in this dump. */
export function commentBlocks(comment: string, context: DumpContext): Block[] {
  const names = servicePortNamesIn(comment).map(formatServicePortName);
  const services = context.services()?.services ?? [];
  const blocks = services.filter(({ title }) => names.includes(title)).flatMap(serviceBlocks);
  return blocks.length > 0
    ? blocks
    : [[quiet(l10n.t('A comment: it asks nothing of the packet.'))]];
}

function serviceBlocks({ title, protocol, entries, chains }: ServiceView): Block[] {
  return [
    [strong(l10n.t('Service port')), ' ', code(title), ` (${protocolName(protocol)})`],
    shortList(entries, ({ kind, address, port, range }) => {
      const where = address ? formatAddress(address) : l10n.t('any address of the node');
      return [lineLink(range, l10n.t`${entryNames[kind]} ${where}, port ${port}`)];
    }),
    ...(chains.length > 0 ? [[quiet(l10n.t`Chains: ${list(chains, 'row')}`)]] : []),
  ];
}
