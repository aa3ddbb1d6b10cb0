import { isHost, parseNetwork, sameAddress, type Address, type Network } from '../../address';
import type { Rule } from '../../rules/ruleset';

/** What a rule of KUBE-SERVICES, KUBE-NODEPORTS or KUBE-EXTERNAL-SERVICES asks of a packet. */
export interface ServiceRule {
  /** The one address of `-d 10.96.0.1/32`; undefined without `-d` or for a network. */
  readonly destination?: Address;
  /** Only for packets to 127.0.0.0/8: the accounting twin of a node port's rule. */
  readonly loopbackOnly: boolean;
  /** As in /etc/protocols. */
  readonly protocol?: number;
  readonly port?: number;
  /** `--dst-type LOCAL`: any address of the node. */
  readonly local: boolean;
  readonly comment: string;
}

const loopback = parseNetwork('127.0.0.0/8')!;

export function readServiceRule({ matches }: Rule): ServiceRule {
  let network: Network | undefined;
  let protocol: number | undefined;
  let port: number | undefined;
  let local = false;
  const comments: string[] = [];
  for (const match of matches) {
    switch (match.kind) {
      case 'destination':
        if (!match.negated) network = match.network;
        break;
      case 'protocol':
        if (!match.negated) protocol = match.protocol;
        break;
      case 'tcp':
      case 'udp':
      case 'sctp':
        if (match.dport && !match.dport.negated) port = match.dport.value.from;
        break;
      case 'addrtype':
        local ||= match.destination?.value.includes('LOCAL') === true && !match.destination.negated;
        break;
      case 'comment':
        comments.push(match.text);
        break;
      default:
    }
  }
  return {
    destination: network && isHost(network) ? network.address : undefined,
    loopbackOnly: network !== undefined && sameAddress(network.address, loopback.address),
    protocol,
    port,
    local,
    comment: comments.join(' '),
  };
}
