import { l10n } from '../../l10n';
import { missing } from '../../missing';
import type { AddressTypeMatch, AddressType } from '../../rules/match';
import type { Negatable } from '../../rules/optionValue';
import { formatAddress } from '../../address';
import type { Address } from '../../address';
import { addressType } from '../route/addressType';
import { isOfTypes6 } from '../route/addressTypes6';
import { both, negate } from '../answer';
import type { Answer } from '../answer';
import type { StatementContext } from './context';

/** addrtype_mt_v1 (net/netfilter/xt_addrtype.c). */
export function addressTypeMatch(match: AddressTypeMatch, context: StatementContext): Answer {
  const { header } = context.state;
  const { run } = context;
  const device = match.limitIn ? run.inDevice : match.limitOut ? run.outDevice : '';
  const source = isOfType(header.source, match.source, device, context);
  return source === false
    ? false
    : both(source, isOfType(header.destination, match.destination, device, context));
}

function isOfType(
  address: Address,
  asked: Negatable<readonly AddressType[]> | undefined,
  device: string | undefined,
  { node }: StatementContext,
): Answer {
  if (!asked) return true;
  const types = asked.value.join();
  const what = l10n.t`${formatAddress(address)} is ${types}`;
  const key = types === 'LOCAL' && device === '' ? `local ${formatAddress(address)}` : what;
  const open = (unknown: string): Answer => ({
    condition: what,
    otherwise: l10n.t`${formatAddress(address)} is not ${types}`,
    unknown,
    key,
  });
  if (device === undefined) return negate(open(l10n.t`the device is not known`), asked.negated);
  if (address.family === 6) {
    const limited = device === '' ? undefined : device;
    return negate(isOfTypes6(node, address, asked.value, limited, open), asked.negated);
  }
  const type = addressType(node, address, device === '' ? undefined : device);
  if (type === undefined) {
    return negate(open(missing('ip route show table all', 'ip addr')), asked.negated);
  }
  return asked.value.includes(type) !== asked.negated;
}
