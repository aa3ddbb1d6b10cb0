import { parseNetwork } from '../../core/address';
import type { Finding } from '../../core/finding';
import type { Route, RouteType, RoutingRule } from '../../core/node';
import { lineRange, parseLines, unknownLine } from '../lines';
import type { LineReader, Parsed } from '../lines';
import { kernelRules } from './kernelRules';

/** What /proc/net/fib_trie tells. */
export interface FibTrie {
  readonly routes: readonly Route[];
  /** The kernel's own IPv4 rules where it proves that there are no others. */
  readonly routingRules?: readonly RoutingRule[];
}

/**
 * Reads /proc/net/fib_trie: the node's IPv4 routes where there is no `ip` (kernel:
 * net/ipv4/fib_trie.c, fib_trie_seq_show). It tells destination, scope and type, but neither
 * device nor gateway: `nextHops` stays empty. Until the first routing rule is added or taken away, and
 * never again after, the kernel keeps the tables local and main in one trie and prints it twice, once
 * as `Main:`, once as `Local:` (fib_unmerge in fib4_rule_configure and fib4_rule_delete,
 * net/ipv4/fib_rules.c): both alike prove that only its own rules are there. Further tables are `Id 100:`.
 */
export function fibTrieParser(source: string): LineReader<FibTrie> {
  const routes = new Map<string, Route>();
  const findings: Finding[] = [];
  const aliases = { Main: [] as string[], Local: [] as string[] };
  let section: string | undefined;
  let leaf: string | undefined;
  return {
    line(text, line) {
      const range = lineRange(source, line, text);
      const alias = /^\s*\/(\d+) (\S+) ([A-Z_]+|\d+)(?: tos=\d+)?\s*$/.exec(text);
      if (alias && leaf !== undefined) {
        const [, length, scope, name] = alias;
        const destination = parseNetwork(`${leaf}/${length}`);
        const type = name!.toLowerCase();
        if (!destination || !types.has(type)) findings.push(unknownLine(range, 'fib_trie'));
        else {
          const own = type === 'local' || type === 'broadcast' ? 'local' : 'main';
          const table = section?.startsWith('Id ') ? tableName(section.slice(3)) : own;
          if (section === 'Main' || section === 'Local') {
            aliases[section].push(`${leaf}${text.trim()}`);
          }
          routes.set(`${table} ${leaf}/${length} ${type}`, {
            type: type as RouteType,
            destination,
            table,
            nextHops: [],
            metric: 0,
            scope: scope!,
            flags: [],
            range,
          });
        }
        return;
      }
      const node = /^\s*(\|--|\+--) (\S+)/.exec(text);
      const head = /^\s*(Main|Local|Id \d+):\s*$/.exec(text);
      if (node) leaf = node[1] === '|--' ? node[2] : undefined;
      else if (head) section = head[1];
      else if (text.trim() !== '') findings.push(unknownLine(range, 'fib_trie'));
    },
    end() {
      const all = [...routes.values()];
      const first = all[0]?.range;
      if (!first || !isOneTrie(aliases)) return { value: { routes: all }, findings };
      return { value: { routes: all, routingRules: kernelRules(4, first) }, findings };
    },
  };
}

/** Whether both sections list the same: one trie, in which the loopback address always is. */
function isOneTrie({
  Main,
  Local,
}: Readonly<Record<'Main' | 'Local', readonly string[]>>): boolean {
  if (Main.length !== Local.length) return false;
  return Main.includes('127.0.0.1/32 host LOCAL') && Main.every((alias, i) => alias === Local[i]);
}

/** RT_TABLE_DEFAULT is 253 (include/uapi/linux/rtnetlink.h). */
function tableName(id: string): string {
  return id === '253' ? 'default' : id;
}

export function parseFibTrie(text: string, source: string): Parsed<FibTrie> {
  return parseLines(text, fibTrieParser(source));
}

const types: ReadonlySet<string> = new Set<RouteType>([
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
]);
