import { asFacts } from '../../node/nodeFacts';
import type { DumpKind } from '../dumpKind';

export const nftKinds = [
  {
    id: 'nft',
    lines: [/^table (ip|ip6|inet|arp|bridge|netdev) \S+ \{/],
    names: ['nft(-[\\w-]+)?-(list-)?(ruleset|table)(-[\\w-]+)?', 'nft', 'nftables'],
    part: 'nftables',
    services: 2,
    mayBeEmpty: true,
    read: async ({ source }) => {
      const { proxyTablesParser } = await import('../../kubeproxy/nftablesTables');
      return asFacts(proxyTablesParser(source), (proxyTables) => ({ proxyTables }));
    },
  },
  { id: 'nft-json', json: /^\{\s*"nftables"/, part: 'nftables' },
  {
    id: 'nft-tables',
    lines: [/^table (ip|ip6|inet|arp|bridge|netdev) \S+$/],
    names: ['nft(-[\\w-]+)?-list-tables'],
  },
] as const satisfies readonly DumpKind[];
