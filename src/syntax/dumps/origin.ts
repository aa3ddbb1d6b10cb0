import type { Family } from '../../core/address';
import { baseName, spelledName } from './recognize';

/** What a file's name, that of the command which wrote it, tells of its contents. */
export interface NamedOrigin {
  readonly family?: Family;
  /** Of iptables, or of `ip route show table 100`. */
  readonly table?: string;
  /** `iptables -nvL`, `iptables -S`: of the filter table, as far as that command was run. */
  readonly lists?: true;
  /** `iptables-save.txt`, or below `iptables-save`: of all tables. */
  readonly saves?: true;
  /** `grep`: what the output went through, which left lines out. */
  readonly filter?: string;
}

const tables = 'nat|filter|mangle|raw|security';

/** `ip6tables-t-nat-L-n.txt`, `iptables_-t_nat_-S.txt`, `nat.txt`, `filter-L-nv.txt`. */
export function rulesOrigin(path: string): NamedOrigin {
  const name = spelledName(path);
  const family = /(^|-)ip6tables/.test(name) ? 6 : /(^|-)iptables/.test(name) ? 4 : undefined;
  const table = new RegExp(`(?:^|-)(${tables})(?=-|$)`).exec(name)?.[1];
  const saves = table === undefined && /(^|-)(ip6?|x)tables-([a-z]+-)?save(-|$)/.test(name);
  if (saves) return { family, table, saves };
  if (table !== undefined || !isListing(path)) return { family, table };
  return { family, table, lists: true };
}

/** `iptables-nvL.txt`, `iptables_-S`. */
function isListing(path: string): boolean {
  const [program, ...options] = baseName(path).split(/[-_. ]+/);
  return (
    /^ip6?tables$/.test(program ?? '') && options.some((one) => /^[nvx]*[LS][nvx]*$/.test(one))
  );
}

/** `ip-6-route-list-table-100.txt`; a table's name may hold a hyphen where nothing follows it. */
export function ipOrigin(path: string): NamedOrigin {
  const name = spelledName(path);
  const family = /(^|-)(ip-)?6(?=-)|(^|-)ip6-|inet6/.test(name)
    ? 6
    : /(^|-)ip-?4(?=-)/.test(name)
      ? 4
      : undefined;
  // A table's name may have capitals: `table DSL`.
  const table = /(?:^|[-_. ])table[-_. ](\w+?)(?:\.(?:txt|out|log|dump|text))?(?:$|[-_. ])/.exec(
    baseName(path),
  )?.[1];
  return { family, table: table === 'all' ? undefined : table };
}
