import { ofPacket } from '../facts';
import { l10n } from '../../l10n';
import { missing } from '../../missing';
import type { ReversePathMatch } from '../../rules/match';
import { addressKind6 } from '../route/addressKind6';
import { isZero } from '../../specialAddresses';
import { known, negate } from '../answer';
import type { Answer } from '../answer';
import { isRefusedByLoopback, knowsRoutes, lookUp } from '../route/fib';
import { asSource, isOfLink } from '../route/reverseLookup';
import type { RouteKey } from '../route/routeKey';
import { unfollowed, vrfOf } from '../route/vrf';
import type { StatementContext } from './context';

/** rpfilter_mt (ipt_rpfilter.c, ip6t_rpfilter.c): is the way back the device it came in by? */
export function reversePathMatch(match: ReversePathMatch, context: StatementContext): Answer {
  const { state, run, node } = context;
  const { source, destination } = state.header;
  if (run.inDevice === 'lo' || state.looped) return !match.invert;
  if (isZero(source) && (source.family === 6 || isOfLink(destination))) return !match.invert;
  const open = (unknown: string): Answer => ({
    condition: l10n.t`the reverse path filter lets it pass`,
    otherwise: l10n.t`the reverse path filter refuses it`,
    unknown,
    key: ofPacket(`rpfilter ${String(match.loose)}`),
  });
  if (!knowsRoutes(node, source.family) || run.inDevice === undefined) {
    return negate(known(open(missing('ip route show table all')), state.facts), match.invert);
  }
  const vrf = vrfOf(node, run.inDevice);
  if (vrf) return negate(known(open(unfollowed(vrf, run.inDevice)), state.facts), match.invert);
  const key = source.family === 4 ? key4(match, context) : key6(match, context);
  const back = lookUp(node, key, state.facts);
  if (back.kind === 'open') {
    return negate(known(open(back.question.unknown ?? ''), state.facts), match.invert);
  }
  if (back.kind === 'none') return match.invert;
  const { type, nextHops } = back.route;
  const accepted = type === 'local' && match.acceptLocal;
  if (type !== 'unicast' && !accepted) return match.invert;
  if (isRefusedByLoopback(back.route, back.hops)) return match.invert;
  // IPv6 does not look at the device of a local route.
  if (accepted && source.family === 6) return !match.invert;
  const by = source.family === 4 ? nextHops : back.hops;
  const same = by.some(({ device }) => device === run.inDevice);
  return (same || match.loose) !== match.invert;
}

function key4({ validmark }: ReversePathMatch, { state }: StatementContext): RouteKey {
  const { source, destination } = state.header;
  const mark = validmark ? state.mark : 0;
  return { destination: source, source: asSource(destination), mark, tos: state.tos, uid: 0 };
}

/** The device is asked for but when loose, and insisted on only for a link-local source. */
function key6({ validmark, loose }: ReversePathMatch, { state, run }: StatementContext): RouteKey {
  const { source, destination, protocol } = state.header;
  const { scope, unicast } = addressKind6(source);
  const linkLocal = unicast && scope === 'link';
  return {
    destination: source,
    source: asSource(destination),
    mark: validmark ? state.mark : 0,
    tos: state.tos,
    protocol,
    uid: 0,
    outDevice: linkLocal || !loose ? run.inDevice : undefined,
    strict: linkLocal,
    deviceMatch: true,
  };
}
