import * as l10n from '@vscode/l10n';
import type { DumpProblem } from './cluster';
import { list } from '../core/list';

/** What an iptables-save dump says of its tables. */
export interface DumpTables {
  readonly names: ReadonlySet<string>;
  /** Those that hold the canary of kube-proxy or the kubelet. */
  readonly withCanary: ReadonlySet<string>;
}

/** @param pieces of whole lines */
export async function tablesOf(pieces: AsyncIterable<string>): Promise<DumpTables> {
  const names = new Set<string>();
  const withCanary = new Set<string>();
  let table = '';
  for await (const piece of pieces) {
    for (const [, name] of piece.matchAll(headOrCanary)) {
      if (name === undefined) withCanary.add(table);
      else names.add((table = name));
    }
  }
  return { names, withCanary };
}

/** `*nat`, `:KUBE-PROXY-CANARY - [0:0]`. */
const headOrCanary = /^(?:\*(\w+)$|:KUBE-(?:PROXY|KUBELET)-CANARY )/gm;

/** pkg/proxy/iptables/proxier.go and pkg/kubelet/kubelet_network_linux.go, Monitor(). */
const canaryTables = ['mangle', 'nat', 'filter'];

/**
 * Whether a dump of all tables may have been cut exactly between two of them, where its last lines
 * look whole. Told only where something else says that there is a table more.
 *
 * @param earlier the tables of the same command before, and when that was (ISO 8601)
 */
export function missingTable(
  { names, withCanary }: DumpTables,
  earlier?: { readonly names: ReadonlySet<string>; readonly captured: string | undefined },
): DumpProblem | undefined {
  const say = (message: string): DumpProblem => ({ kind: 'incomplete', message });
  const cut = l10n.t`The dump may have been cut between two tables`;
  const lacks = list(
    canaryTables.filter((table) => !names.has(table)),
    'row',
  );
  if (withCanary.size > 0 && lacks !== '') {
    const has = list(withCanary, 'row');
    return say(
      l10n.t`${cut}: it lacks ${lacks}, but has a canary chain in ${has}, and kube-proxy and the kubelet make theirs in mangle, nat and filter.`,
    );
  }
  const gone = list(
    [...(earlier?.names ?? [])].filter((table) => !names.has(table)),
    'row',
  );
  if (gone === '') return undefined;
  const when = earlier?.captured?.slice(0, 19).replace('T', ' ');
  return say(
    when === undefined
      ? l10n.t`${cut}: the capture before also has ${gone}.`
      : l10n.t`${cut}: the capture of ${when} also has ${gone}.`,
  );
}
