import { formatAddress } from '../../address';
import type { SetMatch } from '../../rules/match';
import { negate } from '../answer';
import type { Answer } from '../answer';
import { isIcmp } from '../conntrack';
import { testSet } from '../sets';
import type { SetQuery } from '../sets';
import type { HookRun, State } from '../state';
import type { MatchContext } from './context';

/**
 * xt_set.c, match_set: an element with the nomatch flag does not match; with --return-nomatch such
 * an element is the only one that does (ip_set_test inverts both).
 */
export function setMatch(match: SetMatch, { node, state, run }: MatchContext): Answer {
  const { name, directions } = match;
  if (match.counterTests !== undefined) {
    return open(match, state, `the counters of ${name} are not known: ${match.counterTests}`);
  }
  if (state.facts.has(`changed ${name}`)) {
    return open(match, state, `a SET rule has changed ${name} on this packet's way`);
  }
  const found = testSet(node, name, directions, setQuery(state, run));
  if (typeof found === 'object') return open(match, state, found.unknown);
  const holds = found === (match.returnNomatch ? 'nomatch' : 'in');
  return holds !== match.negated;
}

export function setQuery({ header, packet, mark }: State, run: HookRun): SetQuery {
  const icmp = isIcmp(header.protocol);
  return {
    source: { address: header.source, port: header.sourcePort, device: run.inDevice },
    destination: {
      address: header.destination,
      port: header.destinationPort,
      device: run.outDevice,
    },
    protocol: header.protocol,
    icmp: icmp
      ? (packet.icmpType ?? (header.protocol === 1 ? 8 : 128)) * 256 + (packet.icmpCode ?? 0)
      : undefined,
    mark,
    sourceMac: packet.sourceMac,
    fragment: packet.fragment ?? false,
  };
}

function open(match: SetMatch, { header }: State, unknown: string): Answer {
  const values = match.directions.map((direction) => {
    const source = direction === 'src';
    const port = source ? header.sourcePort : header.destinationPort;
    const address = formatAddress(source ? header.source : header.destination);
    return port === undefined ? address : `${address}:${port}`;
  });
  const what = `${[...new Set(values)].join(', ')}`;
  return negate(
    {
      condition: `${what} is in the set ${match.name}`,
      otherwise: `${what} is not in the set ${match.name}`,
      unknown,
      key: `set ${match.name} ${match.directions.join()} ${values.join()}`,
    },
    match.negated,
  );
}
