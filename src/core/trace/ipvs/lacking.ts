import { l10n } from '../../l10n';
import type { IpvsState, VirtualServer } from '../../ipvs/state';
import type { Gap } from '../../rules/ruleset';
import { fileName } from '../../source';
import { withGiven } from '../hook/given';
import type { State } from '../state';
import { withoutStop } from '../../sentence';

/** Where rows of the dump are missing, one of them may be of a virtual server that takes the packet. */
export function grantNoOther(state: State, { source, incomplete }: IpvsState): void {
  if (incomplete === undefined) return;
  const why = `${fileName(source)}: ${withoutStop(incomplete)}`;
  const text = l10n.t`no virtual server that the dump of IPVS lacks takes it (${why})`;
  grant(state, { text, range: { source, line: 0, start: 0, end: 0 } });
}

/** An excerpt may end before a virtual server's last real server. */
export function grantAllServers(
  state: State,
  ipvs: IpvsState | undefined,
  { range }: VirtualServer,
): void {
  if (ipvs?.incomplete === undefined) return;
  const text = l10n.t`the dump of IPVS, which is not whole, shows all real servers of its virtual server`;
  grant(state, { text, range });
}

function grant(state: State, gap: Gap): void {
  state.given = withGiven(state.given, [{ kind: 'gap', gap }]);
}
