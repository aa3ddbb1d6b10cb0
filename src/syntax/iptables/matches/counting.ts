import { parseAddress } from '../../../core/address';
import type { RecentMatch, StatisticMatch } from '../../../core/rules/match';
import type { Negatable } from '../../../core/rules/optionValue';
import type { OptionGroup } from '../optionGroup';
import { parseNumber } from '../values';
import type { MatchModule } from './module';

const actions = ['set', 'rcheck', 'update', 'remove'] as const;

const hashlimitOptions = [
  ...['--hashlimit', '--hashlimit-upto', '--hashlimit-above', '--hashlimit-burst'],
  ...['--hashlimit-mode', '--hashlimit-name', '--hashlimit-srcmask', '--hashlimit-dstmask'],
  ...['--hashlimit-htable-size', '--hashlimit-htable-max', '--hashlimit-htable-expire'],
  ...['--hashlimit-htable-gcinterval', '--hashlimit-rate-match', '--hashlimit-rate-interval'],
];

/** Of limit and hashlimit (xt_limit.h, xt_hashlimit.h). */
const usualBurst = '5';

/** `512kb/s`: a bucket of bytes, of which a packet takes as many as it has. */
export function packetBurst(rate: string, burst: string): number | undefined {
  return rate.endsWith('b/s') ? undefined : parseNumber(burst);
}

/** Matches that count, remember or throw dice. */
export const countingModules: Readonly<Record<string, MatchModule>> = {
  statistic: {
    options: ['--mode', '--probability', '--every', '--packet'],
    lower(group) {
      const mode = lowerStatistic(group);
      if (!mode) return undefined;
      return { kind: 'statistic', range: group.range, mode: mode.value, negated: mode.negated };
    },
  },
  recent: {
    options: [
      ...actions.map((action) => `--${action}`),
      ...['--seconds', '--hitcount', '--reap', '--rttl', '--name', '--mask'],
      ...['--rsource', '--rdest'],
    ],
    lower: lowerRecent,
  },
  limit: {
    options: ['--limit', '--limit-burst'],
    lower(group) {
      const rate = group.value('--limit', (text) => text) ?? '3/hour';
      const burst = group.value('--limit-burst', (text) => text) ?? usualBurst;
      return {
        ...{ kind: 'limit', text: `${rate} burst ${burst}`, burst: parseNumber(burst) },
        ...{ above: false, range: group.range },
      };
    },
  },
  hashlimit: {
    options: hashlimitOptions,
    lower(group) {
      const above = group.take('--hashlimit-above');
      const rate = above ?? group.take('--hashlimit-upto', '--hashlimit');
      const burst = group.take('--hashlimit-burst')?.values[0]?.text ?? usualBurst;
      group.take(...hashlimitOptions);
      return {
        ...{ kind: 'hashlimit', text: group.text, above: above !== undefined },
        burst: packetBurst(rate?.values[0]?.text ?? '', burst),
        range: group.range,
      };
    },
  },
};

function lowerStatistic(group: OptionGroup): Negatable<StatisticMatch['mode']> | undefined {
  const mode = group.value('--mode', (text) => text);
  if (mode === 'random') {
    const random = group.negatable('--probability', parseProbability);
    return random && { value: { random: random.value }, negated: random.negated };
  }
  const every = group.negatable('--every', parseNumber);
  const packet = group.value('--packet', parseNumber) ?? 0;
  if (mode !== 'nth' || !every?.value) return undefined;
  return { value: { every: every.value, packet }, negated: every.negated };
}

/** `0.33333333349`: 0 to 1. */
export function parseProbability(text: string): number | undefined {
  return /^(?:\d+(?:\.\d+)?|\.\d+)$/.test(text) && Number(text) <= 1 ? Number(text) : undefined;
}

/** Defaults: list DEFAULT, source address, all bits of it (libxt_recent.c, recent_init). */
function lowerRecent(group: OptionGroup): RecentMatch | undefined {
  const option = group.take(...actions.map((action) => `--${action}`));
  const action = actions.find((action) => `--${action}` === option?.name);
  if (!option || !action) return undefined;
  group.take('--rsource');
  return {
    kind: 'recent',
    range: group.range,
    action,
    name: group.value('--name', (text) => text) ?? 'DEFAULT',
    side: group.has('--rdest') ? 'destination' : 'source',
    mask: group.value('--mask', parseAddress),
    seconds: group.value('--seconds', parseNumber),
    hitcount: group.value('--hitcount', parseNumber),
    reap: group.has('--reap'),
    ttl: group.has('--rttl'),
    negated: option.negated,
  };
}
