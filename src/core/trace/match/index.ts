import { ofPacket } from '../facts';
import { l10n } from '../../l10n';
import type { MatchStatement, ObjectMapMatch } from '../../rules/statement';
import type { NamedMatch } from '../../rules/statefulMatch';
import { isAction } from '../../rules/statementKind';
import type { Expression } from '../../rules/expression';
import { hiddenInterfaces } from '../../rules/match';
import { openFor } from '../answer';
import type { Answer } from '../answer';
import { unknown } from '../../truth';
import { addressTypeMatch } from './addrtype';
import { compute } from '../expression/compute';
import { compareMatch, openQuestion } from './compare';
import { conntrackMatch } from './conntrack';
import { notPrinted, undecided } from '../undecided';
import type { StatementContext } from './context';
import { deviceGroupMatch } from './devgroup';
import { extensionMatch } from './extension';
import {
  addressMatch,
  addressRangeMatch,
  icmpMatch,
  interfaceMatch,
  multiportMatch,
  portMatch,
  protocolMatch,
} from './header';
import { helperMatch } from './helper';
import { ownerMatch } from './owner';
import { lookupMatch, quotaMatch } from './lookup';
import { markMatch } from './mark';
import {
  fragmentMatch,
  lengthMatch,
  macMatch,
  packetTypeMatch,
  tosMatch,
  ttlMatch,
} from './packet';
import { virtualServerMatch } from './ipvs';
import { physdevMatch } from './physdev';
import { realmMatch } from './realm';
import { recentMatch } from './recent';
import { reversePathMatch } from './rpfilter';
import { setMatch } from './set';
import { limitMatch, statisticMatch } from './statistic';

/** Matches that change something where they are asked: a list, a count, a bucket. */
export function hasEffect(match: MatchStatement): boolean {
  switch (match.kind) {
    case 'recent':
    case 'limit':
    case 'hashlimit':
    case 'quota':
    case 'named':
      return true;
    case 'object-map':
      return match.object === 'limit' || match.object === 'quota' || counts(match.map);
    case 'statistic':
      return 'every' in match.mode;
    case 'compare':
      return counts(match.left);
    case 'lookup':
      return counts(match.key);
    default:
      return false;
  }
}

/** `numgen inc` counts where it is asked. */
function counts(expression: Expression): boolean {
  switch (expression.kind) {
    case 'numgen':
      return expression.mode === 'inc';
    case 'arithmetic':
      return counts(expression.left) || counts(expression.right);
    case 'concat':
      return expression.parts.some(counts);
    case 'map':
      return counts(expression.key);
    default:
      return false;
  }
}

/** What one match says of the packet where it stands. */
export function ask(match: MatchStatement, context: StatementContext): Answer {
  switch (match.kind) {
    case 'protocol':
      return protocolMatch(match, context);
    case 'source':
    case 'destination':
      return addressMatch(match, context);
    case 'in-interface':
    case 'out-interface':
      return interfaceMatch(match, context);
    case 'fragment':
      return fragmentMatch(match, context);
    case 'tcp':
    case 'udp':
    case 'udplite':
    case 'sctp':
    case 'dccp':
      return portMatch(match, context);
    case 'icmp':
    case 'icmp6':
      return icmpMatch(match, context);
    case 'comment':
    case 'nfacct':
      return true;
    case 'mark':
    case 'connmark':
      return markMatch(match, context);
    case 'conntrack':
      return conntrackMatch(match, context);
    case 'addrtype':
      return addressTypeMatch(match, context);
    case 'set':
      return setMatch(match, context);
    case 'multiport':
      return multiportMatch(match, context);
    case 'statistic':
      return statisticMatch(match, context);
    case 'recent':
      return recentMatch(match, context);
    case 'limit':
    case 'hashlimit':
      return limitMatch(match, context);
    case 'iprange':
      return addressRangeMatch(match, context);
    case 'owner':
      return ownerMatch(match, context);
    case 'physdev':
      return physdevMatch(match, context);
    case 'rpfilter':
      return reversePathMatch(match, context);
    case 'tos':
    case 'dscp':
      return tosMatch(match, context);
    case 'ttl':
    case 'hl':
      return ttlMatch(match, context);
    case 'length':
      return lengthMatch(match, context);
    case 'pkttype':
      return packetTypeMatch(match, context);
    case 'mac':
      return macMatch(match, context);
    case 'devgroup':
      return deviceGroupMatch(match, context);
    case 'helper':
      return helperMatch(match, context);
    case 'realm':
      return realmMatch(match, context);
    case 'socket':
      return openFor(unknown(undecided('socket')), 'socket', 'socket');
    case 'ipv6header':
    case 'frag':
    case 'rt':
    case 'hbh':
    case 'dst':
    case 'ah':
    case 'esp':
    case 'mh':
    case 'eui64':
      return extensionMatch(match, context);
    case 'ipvs':
      return virtualServerMatch(match, context);
    case 'compare':
      return compareMatch(match, context);
    case 'lookup':
      return lookupMatch(match, context, ask);
    case 'quota':
      return quotaMatch(match, context);
    case 'named':
      return namedMatch(match, context);
    case 'object-map':
      return objectMapMatch(match, context);
    case 'unmodelled': {
      if (match.name === hiddenInterfaces)
        return openFor(hidden, l10n.t`the rule’s -i and -o`, ofPacket('hidden'));
      const what = `${match.name} ${match.text}`.trim();
      return openFor(
        unknown(
          notPrinted(match.text) ??
            undecided(match.name) ??
            l10n.t`the match ${match.name} is not modelled`,
        ),
        what,
        ofPacket(`match ${what}`),
      );
    }
  }
}

/** nft_objref.c: the object is asked as if it stood in the rule. */
function namedMatch({ object, name }: NamedMatch, context: StatementContext): Answer {
  const { table } = context;
  const found = table.objects?.find((one) => one.kind === object && one.name === name);
  if (!found?.statement || isAction(found.statement)) {
    const what = l10n.t`the ${object} ${name}`;
    return openFor(
      unknown(l10n.t`the listing does not show ${what}`),
      what,
      `${what} ${table.name}`,
    );
  }
  const place = `${table.family} ${table.name}/${object} ${name}`;
  return ask(found.statement, { ...context, place });
}

/** nft_objref_map_eval: without an element the rule fails; of the objects only two ask anything. */
function objectMapMatch({ object, map, range }: ObjectMapMatch, context: StatementContext): Answer {
  const found = compute(map, context);
  if (found.kind === 'fails') return false;
  const [name] = found.kind === 'values' ? found.values : [];
  if (name?.kind !== 'text') {
    const what = found.kind === 'unsure' ? found.what : l10n.t`the element of the map`;
    return openQuestion({ kind: 'unsure', what, unknown: l10n.t`${what} is not known` }, object);
  }
  if (object !== 'limit' && object !== 'quota') return true;
  return namedMatch({ kind: 'named', object, name: name.text, range }, context);
}

/** Every rule of such a listing asks it, so it is answered once for all. */
const hidden = unknown(l10n.t`iptables -L without -v does not print them`);
