import { formatAddress, type Address, type Family } from '../../address';
import { isLoopback } from '../../specialAddresses';
import { TableBuilder } from '../builder';
import type { ExpectedInput } from '../input';
import { mark } from '../iptables/text';
import { localTrafficOf, type LocalTraffic } from '../localTraffic';
import { nodePortAddressesOf } from '../nodePorts';
import { SetsBuilder } from './sets';

/** What the rules, sets and virtual servers of one family follow from, and where they are put. */
export interface IpvsContext {
  readonly input: ExpectedInput;
  readonly family: Family;
  readonly release: number;
  readonly local: LocalTraffic;
  readonly masqueradeAll: boolean;
  /** `0x4000`. */
  readonly mark: string;
  readonly scheduler: string;
  /** Where node ports have virtual servers; undefined where `ip addr` would tell. */
  readonly nodeAddresses: readonly string[] | undefined;
  /** On other devices than kube-ipvs0. */
  readonly ownAddresses: ReadonlySet<string>;
  readonly filter: TableBuilder;
  readonly nat: TableBuilder;
  readonly sets: SetsBuilder;
  /** Chains named `-t 10.96.0.1:443`; their rules are the scheduler and the real servers. */
  readonly servers: TableBuilder;
  /** One chain: the addresses. */
  readonly dummy: TableBuilder;
  /** Its addresses so far. */
  readonly bound: Set<string>;
}

export function contextOf(input: ExpectedInput, family: Family): IpvsContext {
  const { settings, release, node } = input;
  const own = (node.interfaces ?? [])
    .filter(({ name }) => name !== 'kube-ipvs0')
    .flatMap(({ addresses }) => addresses.map(({ address }) => address))
    .filter((address) => address.family === family);
  return {
    input,
    family,
    release,
    local: localTrafficOf(input, family),
    masqueradeAll: settings.masqueradeAll ?? false,
    mark: mark(settings.masqueradeBit ?? 14),
    scheduler: settings.scheduler ?? 'rr',
    nodeAddresses: node.interfaces && nodeAddressesOf(input, family, own),
    ownAddresses: new Set(own.map(formatAddress)),
    filter: new TableBuilder('filter'),
    nat: new TableBuilder('nat'),
    sets: new SetsBuilder(family, release),
    servers: new TableBuilder('ipvs'),
    dummy: new TableBuilder('kube-ipvs0'),
    bound: new Set(),
  };
}

/** All of the node's, or those in nodePortAddresses; loopback ones until 1.20. */
function nodeAddressesOf(
  input: ExpectedInput,
  family: Family,
  own: readonly Address[],
): readonly string[] {
  const wanted = nodePortAddressesOf(input, family);
  const addresses = wanted.kind === 'some' ? wanted.addresses : own;
  const usable = addresses.filter(
    (address) => !isLinkLocal(address) && (input.release < 21 || !isLoopback(address)),
  );
  return [...new Set(usable.map(formatAddress))];
}

function isLinkLocal({ family, words }: Address): boolean {
  return family === 4 ? words[0]! >>> 16 === 0xa9fe : words[0]! >>> 22 === 0x3fa;
}
