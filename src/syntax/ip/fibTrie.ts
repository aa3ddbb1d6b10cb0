import { parseNetwork } from '../../core/address';
import type { Finding } from '../../core/finding';
import type { Route, RouteType } from '../../core/node';
import { lineRange, parseLines, unknownLine } from '../lines';
import type { LineReader, Parsed } from '../lines';

type Routes = readonly Route[];

/**
 * Reads /proc/net/fib_trie: the node's IPv4 routes where there is no `ip` (kernel:
 * net/ipv4/fib_trie.c, fib_trie_seq_show). It tells destination, scope and type, but neither
 * device nor gateway: `nextHops` stays empty. Without policy rules the kernel keeps the tables local
 * and main in one trie and prints it twice, once as `Main:`, once as `Local:`.
 */
export function fibTrieParser(source: string): LineReader<Routes> {
  const routes = new Map<string, Route>();
  const findings: Finding[] = [];
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
          const table = type === 'local' || type === 'broadcast' ? 'local' : 'main';
          routes.set(`${leaf}/${length} ${type}`, {
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
      if (node) leaf = node[1] === '|--' ? node[2] : undefined;
      else if (!/^\s*(Main:|Local:|Id \d+:)?$/.test(text)) {
        findings.push(unknownLine(range, 'fib_trie'));
      }
    },
    end: () => ({ value: [...routes.values()], findings }),
  };
}

export function parseFibTrie(text: string, source: string): Parsed<Routes> {
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
