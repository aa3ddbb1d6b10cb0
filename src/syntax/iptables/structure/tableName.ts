import { kindCode } from '../lines/lineKind';
import type { LineIndex } from '../lines/lineIndex';
import type { NamedOrigin } from '../../dumps/origin';
import { tableOfRule } from './ruleTable';
import type { Section } from './sections';

/**
 * The table of a section that does not name it: `iptables -S` and `-L` print no table, and a dump
 * may be cut off at the start. The kernel gives each table its own built-in chains, and takes
 * some targets in one table only, so both decide. filter and security have the same chains;
 * filter is taken, as nothing of Kubernetes uses the other. So do the chains of Services, which are
 * all of nat. Empty when nothing tells.
 *
 * @param named what the file's name tells
 */
export function inferTable(index: LineIndex, section: Section, named: NamedOrigin = {}): string {
  const chains = new Set<string>();
  let byRules: string | undefined;
  for (let line = section.start; line < section.end; line++) {
    const kind = index.kindCode(line);
    if (kind === kindCode.policy || kind === kindCode['listing-policy']) {
      chains.add(index.names.text(index.chain(line)));
    } else byRules ??= tableOfRule(index, line);
  }
  const byChains = tableOfChains(chains);
  if (byChains === 'filter' && named.table === 'security') return named.table;
  const byOthers = byChains ?? named.table ?? byRules;
  // `iptables -L INPUT` is of filter; which table's KUBE-SERVICES it is, a lazy name does not tell.
  return byOthers ?? (named.lists && chains.size > 0 ? 'filter' : '');
}

function tableOfChains(chains: ReadonlySet<string>): string | undefined {
  if (chains.size < 2) return undefined;
  const [before, forward, after] = ['PREROUTING', 'FORWARD', 'POSTROUTING'].map((name) =>
    chains.has(name),
  );
  if (forward) return before || after ? 'mangle' : 'filter';
  if (after) return 'nat';
  return before ? 'raw' : undefined;
}
