import { parseNetwork } from '../../../core/address';
import type { NatTarget } from '../../../core/rules/target';
import type { OptionGroup } from '../optionGroup';
import { parseAddressRange, parseInterval } from '../values';
import type { TargetModule } from './module';

type NatRange = Pick<NatTarget, 'addresses' | 'ports' | 'portBase'>;

function natModule(
  kind: NatTarget['kind'],
  option: string,
  read: (text: string) => NatRange | undefined,
): TargetModule {
  return {
    options: [option, '--random', '--random-fully', '--persistent'],
    lower(group) {
      const range = lowerRange(group, option, read);
      if (!range) return undefined;
      return {
        kind,
        range: group.range,
        ...range,
        random: group.has('--random'),
        fullyRandom: group.has('--random-fully'),
        persistent: group.has('--persistent'),
      };
    },
  };
}

/** DNAT and SNAT need their range; MASQUERADE and REDIRECT do without. */
function lowerRange(
  group: OptionGroup,
  option: string,
  read: (text: string) => NatRange | undefined,
): NatRange | undefined {
  const range = group.value(option, read);
  return range ?? (option === '--to-ports' && group.problems.length === 0 ? {} : undefined);
}

/** `10.244.0.3:3000`, `10.0.0.1-10.0.0.9:1024-65535`, `:80-90/8080`, `[fd00::3]:80` (libxt_NAT.c). */
export function parseNatRange(text: string): NatRange | undefined {
  const [, bracketed, four, ports] =
    /^(?:\[([^\]]*)\]|([\d.-]*))(?::(\d[\d/-]*))?$/.exec(text) ?? [];
  const six = /^[0-9a-f.-]*:[0-9a-f:.-]*$/i.test(text) ? text : undefined;
  const host = bracketed ?? four ?? six;
  if (host === undefined || (host === '' && ports === undefined)) return undefined;
  const addresses = host === '' ? undefined : parseAddressRange(host);
  if (host !== '' && !addresses) return undefined;
  if (ports === undefined) return { addresses };
  const portRange = parseNatPorts(ports);
  return portRange && { addresses, ...portRange };
}

/** `80`, `1024-65535`, `80-90/8080`. */
export function parseNatPorts(text: string): NatRange | undefined {
  const [interval = '', base, ...rest] = text.split('/');
  const ports = parseInterval(interval, '-', 65535);
  if (!ports || rest.length > 0) return undefined;
  if (base === undefined) return { ports };
  const portBase = parseInterval(base, '-', 65535);
  return portBase && { ports, portBase: portBase.from };
}

export const natTargets: Readonly<Record<string, TargetModule>> = {
  DNAT: natModule('DNAT', '--to-destination', parseNatRange),
  SNAT: natModule('SNAT', '--to-source', parseNatRange),
  MASQUERADE: natModule('MASQUERADE', '--to-ports', parseNatPorts),
  REDIRECT: natModule('REDIRECT', '--to-ports', parseNatPorts),
  NETMAP: {
    options: ['--to'],
    lower(group) {
      const network = group.value('--to', parseNetwork);
      return (
        network && {
          kind: 'NETMAP',
          range: group.range,
          address: network.address,
          mask: network.mask,
        }
      );
    },
  },
};
