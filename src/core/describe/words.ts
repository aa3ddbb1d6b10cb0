import * as l10n from '@vscode/l10n';
import { formatAddress, formatNetwork, isHost, type Network } from '../address';
import type { AddressInterval, InterfacePattern } from '../rules/match';
import type { Interval, Negatable } from '../rules/optionValue';

/** `80`, `30000 to 32767`. */
export function intervalInWords({ from, to }: Interval): string {
  return from === to ? `${from}` : l10n.t`${from} to ${to}`;
}

/** `10.96.0.1` for a single address, else `10.244.0.0/16`. */
export function networkInWords(network: Network): string {
  return isHost(network) ? formatAddress(network.address) : formatNetwork(network);
}

export function addressesInWords({ from, to }: AddressInterval): string {
  const [first, last] = [formatAddress(from), formatAddress(to)];
  return first === last ? first : l10n.t`${first} to ${last}`;
}

/** `eth0`, `a device whose name begins with veth`, `any device` for a lone `+`. */
export function deviceInWords({ name, wildcard }: InterfacePattern): string {
  if (!wildcard) return name;
  return name === '' ? l10n.t('any device') : l10n.t`a device whose name begins with ${name}`;
}

/** `is` and `is not`, for the value's own negation. */
export function isOrNot({ negated }: Pick<Negatable<unknown>, 'negated'>): string {
  return negated ? l10n.t('is not') : l10n.t('is');
}
