import type { Family } from '../../address';
import { nameHash } from '../../kubeproxy/names';
import { TableBuilder } from '../builder';
import type { ExpectedInput } from '../input';
import { localTrafficOf, type LocalTraffic } from '../localTraffic';
import { nodePortAddressesOf, setsRouteLocalnet, type NodePortAddresses } from '../nodePorts';
import type { ServicePort } from '../servicePorts';
import { mark } from './text';

/** What the rules of one family follow from, and the tables that they are put into. */
export interface IptablesContext {
  readonly input: ExpectedInput;
  readonly family: Family;
  readonly release: number;
  readonly local: LocalTraffic;
  readonly masqueradeAll: boolean;
  /** `0x4000`. */
  readonly mark: string;
  readonly nodePorts: NodePortAddresses;
  /** Node ports answer on 127.0.0.1. */
  readonly localhost: boolean;
  /** Node ports on 127.0.0.1 have a rule of their own that counts (since 1.31). */
  readonly countsLocalhost: boolean;
  /** More endpoints than 1,000: rules of endpoints have no comment (PR 65755). */
  readonly large: boolean;
  readonly filter: TableBuilder;
  readonly nat: TableBuilder;
  readonly mangle: TableBuilder;
}

export function contextOf(
  input: ExpectedInput,
  family: Family,
  servicePorts: readonly ServicePort[],
): IptablesContext {
  const { settings, release, node } = input;
  const localhost = family === 4 && setsRouteLocalnet(input);
  return {
    input,
    family,
    release,
    local: localTrafficOf(input, family),
    masqueradeAll: settings.masqueradeAll ?? false,
    mark: mark(settings.masqueradeBit ?? 14),
    nodePorts: nodePortAddressesOf(input, family),
    localhost,
    countsLocalhost: localhost && release >= 31 && node.kernel.nfacct,
    large: servicePorts.reduce((sum, port) => sum + keptOf(port, release), 0) > 1000,
    filter: new TableBuilder('filter'),
    nat: new TableBuilder('nat'),
    mangle: new TableBuilder('mangle'),
  };
}

/** Before 1.22 endpoints that are not ready were not kept. */
function keptOf({ endpoints }: ServicePort, release: number): number {
  return release < 22 ? endpoints.filter(({ ready }) => ready).length : endpoints.length;
}

/** `shop/cart:grpc` as comments have it; until 1.18 an unnamed port kept its colon. */
export function titleOf({ name: { namespace, name, port } }: ServicePort, release: number): string {
  return port !== '' || release < 19 ? `${namespace}/${name}:${port}` : `${namespace}/${name}`;
}

/** The hash that KUBE-SVC-, KUBE-SVL-, KUBE-EXT-, KUBE-FW- and KUBE-XLB- share. */
export function portHash(port: ServicePort, title: string): string {
  return nameHash(title + port.protocol);
}
