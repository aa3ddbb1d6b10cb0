import { parseNetwork, type Family } from '../../core/address';
import type { NftablesProxyTable } from '../../core/kubeproxy/nftables/tables';
import type { SourceRange } from '../../core/source';
import { lineRange, type LineParser } from '../lines';

/** What is found of a table, line by line. */
interface Draft {
  readonly family: Family;
  readonly range: SourceRange;
  mark?: NftablesProxyTable['mark'];
  traffic?: NftablesProxyTable['traffic'];
  nodePorts?: NftablesProxyTable['nodePorts'];
}

/**
 * Of `nft list ruleset`, the lines of kube-proxy's own tables that its configuration decides on
 * (pkg/proxy/nftables/proxier.go, setupNFTables). This reads no other rule of nftables.
 */
export function proxyTablesParser(source: string): LineParser<readonly NftablesProxyTable[]> {
  const tables: Draft[] = [];
  let table: Draft | undefined;
  /** `chain services`, `set nodeport-ips`. */
  let block = '';
  return {
    line(text, number) {
      if (text.startsWith('table ')) {
        const opens = /^table (\S+) (\S+) \{/.exec(text);
        const own = /^ip6?$/.test(opens?.[1] ?? '') && opens?.[2] === 'kube-proxy';
        const range = lineRange(source, number, text);
        table = own ? { family: opens?.[1] === 'ip' ? 4 : 6, range } : undefined;
        if (table) tables.push(table);
        return;
      }
      if (!table) return;
      const begins = /^\s*((?:chain|set|map) \S+) \{/.exec(text);
      if (begins) block = begins[1]!;
      else if (read.has(block)) readLine(table, block, text, lineRange(source, number, text));
    },
    end: () => ({ value: tables, findings: [] }),
  };
}

/** The blocks of a table that are read. */
const read: ReadonlySet<string> = new Set([
  'set nodeport-ips',
  'chain services',
  'chain masquerading',
]);

function readLine(table: Draft, block: string, line: string, range: SourceRange): void {
  if (block === 'set nodeport-ips') {
    const elements = /elements = \{([^}]*)/.exec(line)?.[1];
    const addresses = (elements ?? '').split(',').map((each) => each.trim());
    if (elements !== undefined) {
      table.nodePorts ??= { addresses: addresses.filter(Boolean), butLoopback: false, range };
    }
  } else if (block === 'chain services') {
    // Without the rule in a chain that is there to its end, nothing tells local traffic.
    if (/^\s*\}\s*$/.test(line)) table.traffic ??= { kind: 'none', range };
    if (line.includes('fib daddr type local') && line.includes('@service-nodeports')) {
      const butLoopback = /daddr != (?:127\.0\.0\.0\/8|::1)/.test(line);
      table.nodePorts = { addresses: 'all', butLoopback, range };
    }
    if (!/@cluster-ips\b/.test(line) || !line.includes(' meta mark set ')) return;
    const network = /\bip6? saddr != (\S+)/.exec(line)?.[1];
    const device = /\biifname != "([^"]+)"/.exec(line)?.[1];
    const parsed = network === undefined ? undefined : parseNetwork(network);
    if (parsed) table.traffic = { kind: 'network', network: parsed, range };
    else if (device !== undefined) {
      const prefix = device.endsWith('*');
      const name = prefix ? device.slice(0, -1) : device;
      table.traffic = { kind: 'device', name, prefix, range };
    } else if (network === undefined) table.traffic = { kind: 'all', range };
  } else if (block === 'chain masquerading') {
    const bits = /\bmeta mark & (0x[0-9a-f]+|\d+)\b/.exec(line)?.[1];
    if (bits !== undefined && /\bmasquerade\b/.test(line))
      table.mark = { bits: Number(bits) >>> 0, range };
  }
}
