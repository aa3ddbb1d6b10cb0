import { l10n } from '../../l10n';
import { formatAddress } from '../../address';
import { icmpTypeOf } from '../../packet';
import type { SetMatch } from '../../rules/match';
import { negate } from '../answer';
import type { Answer } from '../answer';
import { isIcmp } from '../conntrack/conntrack';
import { testSet } from '../sets/ipset';
import type { SetQuery } from '../sets/ipset';
import { randomPort } from '../expression/payload';
import type { NodeState } from '../../node';
import type { HookRun, State } from '../state';
import { chanceAnswer, triedOneByOne } from './compare';
import type { StatementContext } from './context';
import { hasLinkAddress } from './packet';
import { list } from '../../list';

/**
 * xt_set.c, match_set: an element with the nomatch flag does not match; with --return-nomatch such
 * an element is the only one that does (ip_set_test inverts both).
 */
export function setMatch(match: SetMatch, context: StatementContext): Answer {
  const { node, state, run } = context;
  const { name, directions } = match;
  const wanted = match.returnNomatch ? 'nomatch' : 'in';
  if (match.counterTests !== undefined) {
    return open(match, state, l10n.t`the counters of ${name} are not known: ${match.counterTests}`);
  }
  if (state.facts.has(`changed ${name}`)) {
    return open(match, state, l10n.t`a SET rule has changed ${name} on this packet's way`);
  }
  const query = setQuery(node, state, run);
  const { sourcePorts } = state.header;
  const type = node.sets?.get(name)?.type ?? '';
  if (sourcePorts && directions.includes('src') && /port|list/.test(type)) {
    const chance = randomPort(sourcePorts);
    const inside = triedOneByOne(chance, context, (value) => {
      const port = value.kind === 'number' ? value.number : undefined;
      const found = testSet(node, name, directions, {
        ...query,
        source: { ...query.source, port },
      });
      return typeof found === 'object' ? undefined : found === wanted;
    });
    if (inside)
      return negate(chanceAnswer(chance, inside, l10n.t`is in the set ${name}`), match.negated);
  }
  const found = testSet(node, name, directions, query);
  if (typeof found === 'object') return open(match, state, found.unknown);
  return (found === wanted) !== match.negated;
}

export function setQuery(node: NodeState, state: State, run: HookRun): SetQuery {
  const { header, packet, mark } = state;
  const icmp = isIcmp(header.protocol);
  return {
    source: { address: header.source, port: header.sourcePort, device: run.inDevice },
    destination: {
      address: header.destination,
      port: header.destinationPort,
      device: run.outDevice,
    },
    protocol: header.protocol,
    icmp: icmp ? icmpTypeOf(packet) * 256 + (packet.icmpCode ?? 0) : undefined,
    mark,
    sourceMac: hasLinkAddress(node, packet) ? packet.sourceMac : 'none',
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
  const what = `${list([...new Set(values)], 'row')}`;
  return negate(
    {
      condition: l10n.t`${what} is in the set ${match.name}`,
      otherwise: l10n.t`${what} is not in the set ${match.name}`,
      unknown,
      key: `set ${match.name} ${match.directions.join()} ${values.join()}`,
    },
    match.negated,
  );
}
