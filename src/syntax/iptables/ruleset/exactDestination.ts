import { addressKey, isHost, parseNetwork, type AddressKey } from '../../../core/address';

/** The words that iptables-save prints before `-d`; any other word ends the search. */
const before = /^(?:\[\d+:\d+\] )?-A \S+ (?:(?:! )?-s \S+ )?-d (\S+)(?: |$)/;

/** The form of nearly all: read without a general parser, as KUBE-SERVICES may have 10,000 of them. */
const plainIpv4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/32)?$/;

/**
 * The one address that a rule's `-d` names, as `addressKey` gives it: such a rule matches no other
 * destination. undefined when the rule has no `-d`, a negated one or a wider one, and when the line
 * is written in any other way than iptables-save does; then the rule has to be asked.
 */
export function exactDestination(rule: string): AddressKey | undefined {
  const written = before.exec(rule)?.[1];
  if (written === undefined) return undefined;
  const bytes = plainIpv4.exec(written)?.slice(1).map(Number);
  if (bytes?.every((byte) => byte < 256)) {
    return bytes.reduce((word, byte) => word * 256 + byte, 0);
  }
  const network = parseNetwork(written);
  return network && isHost(network) ? addressKey(network.address) : undefined;
}
