import type { DumpKind } from '../dumpKind';
import { conntrackKinds } from './conntrack';
import { ipKinds } from './ip';
import { ipsetKinds } from './ipset';
import { iptablesKinds } from './iptables';
import { ipvsKinds } from './ipvs';
import { kubernetesKinds } from './kubernetes';
import { linkKinds } from './link';
import { nftKinds } from './nft';
import { packetTraceKinds } from './packetTrace';

/** Not a dump, but what a program said instead of one. */
const refusals = [
  {
    id: 'stderr',
    lines: [
      /^(error: |command terminated with exit code|Can't initialize ipvs|\S*sh: .*not found$)/,
      /^(cat|ip|ls|[\w./-]*(ipset|nft)|ip6?tables[\w./-]*)( v[\d.]+( \(\w+\))?)?: ./,
    ],
  },
] as const satisfies readonly DumpKind[];

const all = [
  ...packetTraceKinds,
  // `-A -t 10.96.0.1:443` and `-N NAME hash:ip` would pass for rules.
  ...ipvsKinds,
  ...ipsetKinds,
  ...iptablesKinds,
  ...nftKinds,
  ...linkKinds,
  ...ipKinds,
  ...conntrackKinds,
  ...kubernetesKinds,
  ...refusals,
] as const;

/** `iptables-save`, `ip-addr`, ...: what a file of a node or cluster holds. */
export type DumpKindId = (typeof all)[number]['id'] | 'unknown';

/** All kinds of dumps that are known, in the order in which they are asked for a text. */
export const dumpKinds: readonly (DumpKind & { readonly id: DumpKindId })[] = all;

const byId: ReadonlyMap<string, DumpKind> = new Map(dumpKinds.map((kind) => [kind.id, kind]));

/** The kind's entry; undefined for `unknown`. */
export function kindOf(id: DumpKindId): DumpKind | undefined {
  return byId.get(id);
}
