import type { ConnmarkTarget } from '../../../core/rules/target';
import type { OptionGroup } from '../optionGroup';
import { parseAddress, type Address } from '../../../core/address';
import { parseMasked, parseNumber } from '../values';
import type { TargetModule } from './module';

const all = 0xffffffff;

interface Change {
  readonly clear: number;
  readonly xor: number;
}

const markOptions = ['--set-xmark', '--set-mark', '--and-mark', '--or-mark', '--xor-mark'];

/** The options of MARK and CONNMARK that change a mark, as one operation (libxt_MARK.c). */
function lowerChange(group: OptionGroup): Change | undefined {
  const xmark = group.value('--set-xmark', parseMasked);
  if (xmark) return { clear: xmark.mask, xor: xmark.value };
  const set = group.value('--set-mark', parseMasked);
  if (set) return { clear: (set.value | set.mask) >>> 0, xor: set.value };
  const and = group.value('--and-mark', parseNumber);
  if (and !== undefined) return { clear: ~and >>> 0, xor: 0 };
  const or = group.value('--or-mark', parseNumber);
  if (or !== undefined) return { clear: or, xor: or };
  const xor = group.value('--xor-mark', parseNumber);
  return xor === undefined ? undefined : { clear: 0, xor };
}

/** `--save-mark [--nfmask N] [--ctmask C]`, or `--mask M` for both; all bits by default. */
function lowerCopy(group: OptionGroup): ConnmarkTarget['operation'] | undefined {
  const save = group.has('--save-mark');
  const restore = group.has('--restore-mark');
  if (save === restore) return undefined;
  const mask = group.value('--mask', parseNumber) ?? all;
  const nfmask = group.value('--nfmask', parseNumber) ?? mask;
  const ctmask = group.value('--ctmask', parseNumber) ?? mask;
  return save ? { save: { nfmask, ctmask } } : { restore: { nfmask, ctmask } };
}

/** Targets that write a mark of the packet or of its connection. */
export const markTargets: Readonly<Record<string, TargetModule>> = {
  MARK: {
    options: markOptions,
    lower(group) {
      const change = lowerChange(group);
      return change && { kind: 'MARK', range: group.range, ...change };
    },
  },
  CONNMARK: {
    options: [
      ...markOptions,
      ...['--save-mark', '--restore-mark', '--mask', '--nfmask', '--ctmask'],
    ],
    lower(group) {
      const set = lowerChange(group);
      const operation = set ? { set } : lowerCopy(group);
      return operation && { kind: 'CONNMARK', range: group.range, operation };
    },
  },
  TPROXY: {
    options: ['--on-port', '--on-ip', '--tproxy-mark'],
    lower(group) {
      const port = group.value('--on-port', parseNumber);
      if (port === undefined) return undefined;
      const mark = group.value('--tproxy-mark', parseMasked);
      return {
        kind: 'TPROXY',
        range: group.range,
        address: proxyAddress(group.value('--on-ip', parseAddress)),
        port,
        clear: mark?.mask ?? 0,
        xor: mark?.value ?? 0,
      };
    },
  },
};

/** All zeros, which iptables prints where none was given, stand for the device's own (xt_TPROXY.c, tproxy_laddr4). */
export function proxyAddress(address: Address | undefined): Address | undefined {
  return address?.words.some((word) => word !== 0) ? address : undefined;
}
