import type { Family } from '../../address';
import { nftChainName, type NftChainKind } from '../../kubeproxy/names';
import { TableBuilder } from '../builder';
import type { Endpoint } from '../endpoints';
import type { ExpectedInput } from '../input';
import { localTrafficOf, type LocalTraffic } from '../localTraffic';
import { nodePortAddressesOf, type NodePortAddresses } from '../nodePorts';
import type { ServicePort } from '../servicePorts';
import { ip, mark } from './text';

/** What the rules of one family follow from, and the table that they are put into. */
export interface NftablesContext {
  readonly input: ExpectedInput;
  readonly family: Family;
  readonly release: number;
  /** `ip`, `ip6`. */
  readonly ip: string;
  readonly local: LocalTraffic;
  readonly masqueradeAll: boolean;
  /** `0x00004000`. */
  readonly mark: string;
  readonly nodePorts: NodePortAddresses;
  readonly table: TableBuilder;
}

export function contextOf(input: ExpectedInput, family: Family): NftablesContext {
  const { settings, release } = input;
  return {
    input,
    family,
    release,
    ip: ip(family),
    local: localTrafficOf(input, family),
    masqueradeAll: settings.masqueradeAll ?? false,
    mark: mark(settings.masqueradeBit ?? 14),
    nodePorts: nodePortAddressesOf(input, family),
    table: new TableBuilder('kube-proxy'),
  };
}

/** `service-LX3JQ64U-default/whoami/tcp/`. */
export function chainOf(kind: NftChainKind, port: ServicePort, endpoint?: Endpoint): string {
  return nftChainName(kind, port.name, port.protocol, endpoint);
}

/** The statement that marks for masquerading: before 1.36 a chain of its own did. */
export function markStatement({ release, mark: bit }: NftablesContext): string {
  return release >= 36 ? `meta mark set meta mark | ${bit}` : 'jump mark-for-masquerade';
}
