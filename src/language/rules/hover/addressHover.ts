import * as l10n from '@vscode/l10n';
import { finish } from '../../../core/work';
import {
  formatAddress,
  isHost,
  parseNetwork,
  type Address,
  type Network,
} from '../../../core/address';
import {
  endpointsAt,
  nodeFactsAt,
  objectFactsAt,
  servicesAt,
  type AddressFact,
} from '../../../core/describe/address';
import { factBlocks, networkBlocks } from '../../addressFacts';
import type { DumpContext } from '../context';
import { code, quiet, strong, type Block } from '../../../workspace/hover/content';
import { list } from '../../../core/list';

/** An address or network in a token, with the columns within the token's text. */
export interface FoundAddress {
  readonly network: Network;
  readonly port: number | undefined;
  readonly start: number;
  readonly end: number;
}

const addressText =
  // bounded: every repetition in it has a limit.
  /(?:\[([0-9A-Fa-f:.]{2,45})\]|((?:\d{1,3}\.){3}\d{1,3})(?:\/([\d.]{1,15}))?|([0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?:\/(\d{1,3}))?)(?::(\d{1,5}))?/g;

/** Above this many Services, reading all their endpoints would take longer than a hover may. */
const fewServices = 200;

/** The address under a column: of `-d 10.96.0.1/32`, `10.244.0.3:3000`, `[fd00::3]:80`, `a,b`. */
export function addressIn(text: string, column: number): FoundAddress | undefined {
  for (const match of text.matchAll(addressText)) {
    const [whole, bracketed, v4, v4Mask, v6, v6Mask, port] = match;
    const start = match.index;
    const end = start + whole.length;
    if (column < start || column > end) continue;
    const address = bracketed ?? v4 ?? v6 ?? '';
    const mask = v4Mask ?? v6Mask;
    const network = parseNetwork(mask === undefined ? address : `${address}/${mask}`);
    if (!network) continue;
    return { network, port: port === undefined ? undefined : Number(port), start, end };
  }
  return undefined;
}

/** What an address is, as far as the dump and the files beside it tell. */
export function addressBlocks({ network, port }: FoundAddress, context: DumpContext): Block[] {
  const { address } = network;
  if (!isHost(network)) return networkBlocks(network, context.objects);
  const heading: Block = [strong(l10n.t('Address')), ' ', code(formatAddress(address))];
  const told = factBlocks(factsOf(address, port, context), address);
  return [heading, ...(told.length > 0 ? told : [[quiet(nothingKnown(context))]])];
}

function factsOf(address: Address, port: number | undefined, context: DumpContext): AddressFact[] {
  const services = context.services()?.services ?? [];
  const entries = servicesAt(services, address);
  return [
    ...entries,
    ...(entries.length > 0 || services.length > fewServices
      ? []
      : finish(endpointsAt(services, address, port))),
    ...(context.objects ? objectFactsAt(context.objects, address) : []),
    ...(context.node ? nodeFactsAt(context.node, address) : []),
  ];
}

function nothingKnown({ node, objects }: DumpContext): string {
  const missing = [
    !node?.interfaces && l10n.t('no ip addr dump beside this one'),
    !objects && l10n.t('no Kubernetes objects'),
  ].filter((part) => part !== false);
  return missing.length === 0
    ? l10n.t('Neither this dump nor the files beside it name it.')
    : l10n.t`This dump does not name it; ${list(missing, 'row')}.`;
}
