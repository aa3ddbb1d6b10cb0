import { parseNetwork } from '../../../core/address';
import type { OptionGroup } from '../optionGroup';
import {
  parseAddressRange,
  parseDirections,
  parseInterval,
  parseNumber,
  parseProtocol,
} from '../values';
import { parseConntrackDirection } from './conntrack';
import type { MatchModule } from './module';

const counterTests = ['--packets-eq', '--packets-lt', '--packets-gt'].flatMap((name) => [
  name,
  name.replace('packets', 'bytes'),
]);

/** Written out where the test's own updates of a set's counters are turned off; no answer changes. */
const counterUpdates = ['--update-counters', '--update-subcounters'];

/** `set`, and the matches that ask for lists of addresses. */
export const setModules: Readonly<Record<string, MatchModule>> = {
  set: {
    options: ['--match-set', '--set', '--return-nomatch', ...counterUpdates, ...counterTests],
    lower(group) {
      const option = group.take('--match-set', '--set');
      const [name, directions] = option?.values ?? [];
      const read = directions && parseDirections(directions.text);
      if (!option || !name || !read) {
        if (option) group.refuse(option);
        return undefined;
      }
      for (const update of counterUpdates) group.take(update);
      const tests = takeCounterTests(group);
      return {
        kind: 'set',
        range: group.range,
        name: name.text,
        directions: read,
        negated: option.negated,
        returnNomatch: group.has('--return-nomatch'),
        ...(tests && { counterTests: tests }),
      };
    },
  },
  iprange: {
    options: ['--src-range', '--dst-range'],
    lower: (group) => ({
      kind: 'iprange',
      range: group.range,
      source: group.negatable('--src-range', parseAddressRange),
      destination: group.negatable('--dst-range', parseAddressRange),
    }),
  },
  ipvs: {
    options: [...['--ipvs', '--vproto', '--vaddr', '--vport', '--vdir', '--vmethod', '--vportctl']],
    lower: (group) => ({
      kind: 'ipvs',
      range: group.range,
      ipvs: group.flag('--ipvs'),
      protocol: group.negatable('--vproto', parseProtocol),
      address: group.negatable('--vaddr', parseNetwork),
      port: group.negatable('--vport', parseNumber),
      direction: group.negatable('--vdir', parseConntrackDirection),
      method: group.negatable('--vmethod', (text) => text),
      controlPort: group.negatable('--vportctl', parseNumber),
    }),
  },
  nfacct: {
    options: ['--nfacct-name'],
    lower(group) {
      const name = group.value('--nfacct-name', (text) => text);
      return name === undefined ? undefined : { kind: 'nfacct', range: group.range, name };
    },
  },
  owner: {
    options: ['--uid-owner', '--gid-owner', '--socket-exists', '--suppl-groups'],
    lower: (group) => ({
      kind: 'owner',
      range: group.range,
      uid: group.negatable('--uid-owner', parseIds),
      gid: group.negatable('--gid-owner', parseIds),
      socketExists: group.flag('--socket-exists'),
      supplementaryGroups: group.has('--suppl-groups'),
    }),
  },
  socket: {
    options: ['--transparent', '--nowildcard', '--restore-skmark'],
    lower: (group) => ({
      kind: 'socket',
      range: group.range,
      transparent: group.has('--transparent'),
      nowildcard: group.has('--nowildcard'),
      restoreMark: group.has('--restore-skmark'),
    }),
  },
};

/** `1000`, `1000-2000`; a name would need the node's /etc/passwd. */
function parseIds(text: string) {
  return parseInterval(text, '-', 0xffffffff);
}

function takeCounterTests(group: OptionGroup): string {
  return counterTests
    .map((name) => group.take(name))
    .filter((option) => option !== undefined)
    .map(({ name, negated, values }) =>
      [...(negated ? ['!'] : []), name, ...values.map(({ text }) => text)].join(' '),
    )
    .join(' ');
}
