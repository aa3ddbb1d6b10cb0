import { parseAddress, parseNetwork, type Address } from '../../../src/core/address';
import type { Match } from '../../../src/core/rules/match';
import type { Chain, Rule, Ruleset, Table } from '../../../src/core/rules/ruleset';
import type { Target } from '../../../src/core/rules/target';
import type { SourceRange } from '../../../src/core/source';

/** Counts what was decoded: listing Services must not read every rule. */
export interface Decoded {
  rules: number;
}

const protocols: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 };

/** The forms that kube-proxy writes, from iptables-save text to rules; no more than tests need. */
export function readDump(text: string, decoded: Decoded = { rules: 0 }): Ruleset {
  const tables = new Map<string, Table & { chains: Map<string, Chain> }>();
  const rules = new Map<string, string[]>();
  let table = '';
  const add = (name: string) => {
    const key = `${table} ${name}`;
    const existing = rules.get(key);
    if (existing) return existing;
    const lines: string[] = [];
    rules.set(key, lines);
    const memo: Rule[] = [];
    tables.get(table)!.chains.set(name, {
      table,
      name,
      get length() {
        return lines.length;
      },
      rule: (i) => {
        if (!memo[i]) decoded.rules++;
        return (memo[i] ??= readRule(lines[i]!, i));
      },
      candidates: () => lines.keys(),
    });
    return lines;
  };
  text.split('\n').forEach((line, number) => {
    if (line.startsWith('*')) {
      table = line.slice(1).trim();
      tables.set(table, { name: table, chains: new Map(), complete: true });
    } else if (line.startsWith(':')) add(line.slice(1).split(' ')[0]!);
    else if (line.startsWith('-A ')) add(line.split(' ')[1]!).push(`${number} ${line}`);
  });
  const family = text.includes('::') ? 6 : 4;
  return { source: 'dump', family, backend: 'unknown', tables, findings: [] };
}

function readRule(numbered: string, index: number): Rule {
  const space = numbered.indexOf(' ');
  const line = numbered.slice(space + 1);
  const range: SourceRange = {
    source: 'dump',
    line: Number(numbered.slice(0, space)),
    start: 0,
    end: line.length,
  };
  const words = Array.from(line.matchAll(/"((?:[^"\\]|\\.)*)"|\S+/g), ([word, quoted]) =>
    (quoted ?? word).replace(/\\(.)/g, '$1'),
  );
  const matches: Match[] = [];
  let target: Target | undefined;
  let negated = false;
  const port = (kind: 'tcp' | 'udp' | 'sctp') => matches.push({ kind, range });
  for (let i = 2; i < words.length; i++) {
    const value = words[i + 1]!;
    switch (words[i]) {
      case '!':
        negated = true;
        continue;
      case '-s':
      case '-d': {
        const kind = words[i] === '-s' ? 'source' : 'destination';
        matches.push({ kind, network: parseNetwork(value)!, negated, range });
        break;
      }
      case '-p':
        matches.push({ kind: 'protocol', protocol: protocols[value]!, negated, range });
        break;
      case '-m':
        if (value === 'tcp' || value === 'udp' || value === 'sctp') port(value);
        break;
      case '--dport': {
        const last = matches.pop()!;
        const interval = { from: Number(value), to: Number(value) };
        matches.push({ ...last, dport: { value: interval, negated } } as Match);
        break;
      }
      case '--comment':
        matches.push({ kind: 'comment', text: value, range });
        break;
      case '--probability':
        matches.push({ kind: 'statistic', mode: { random: Number(value) }, negated, range });
        break;
      case '--rcheck':
      case '--set':
        matches.push({
          kind: 'recent',
          action: words[i] === '--set' ? 'set' : 'rcheck',
          name: '',
          side: 'source',
          seconds: words[i + 1] === '--seconds' ? Number(words[i + 2]) : undefined,
          reap: false,
          ttl: false,
          negated,
          range,
        });
        continue;
      case '--dst-type':
      case '--src-type': {
        const side = words[i] === '--dst-type' ? 'destination' : 'source';
        const types = { value: ['LOCAL' as const], negated };
        matches.push({ kind: 'addrtype', [side]: types, limitIn: false, limitOut: false, range });
        break;
      }
      case '--mark': {
        const [mark, mask] = value.split('/').map(Number);
        matches.push({ kind: 'mark', value: mark!, mask: mask ?? 0xffffffff, negated, range });
        break;
      }
      case '-j':
      case '-g':
        target = readTarget(words.slice(i), range);
        i = words.length;
        break;
      default:
        continue;
    }
    i++;
    negated = false;
  }
  return { number: index + 1, range, matches, target, findings: [] };
}

function readTarget(words: readonly string[], range: SourceRange): Target {
  const [option, name] = words;
  const value = words[words.length - 1]!;
  switch (name) {
    case 'ACCEPT':
    case 'DROP':
    case 'RETURN':
      return { kind: name, range };
    case 'REJECT':
      return { kind: name, with: value, range };
    case 'MARK': {
      const [xor, clear] = value.split('/').map(Number);
      return { kind: name, clear: clear!, xor: xor!, range };
    }
    case 'MASQUERADE':
    case 'DNAT': {
      const at = /^\[?(.*?)\]?:(\d+)$/.exec(value);
      const address: Address | undefined = at ? parseAddress(at[1]!) : undefined;
      const port = Number(at?.[2]);
      return {
        kind: name,
        addresses: address && { from: address, to: address },
        ports: at ? { from: port, to: port } : undefined,
        random: false,
        fullyRandom: false,
        persistent: false,
        range,
      };
    }
    default: {
      const kind = option === '-g' ? 'goto' : 'jump';
      return { kind, chain: name!, nameRange: range, range };
    }
  }
}
