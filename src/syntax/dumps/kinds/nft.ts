import type { DumpKind } from '../dumpKind';

export const nftKinds = [
  {
    id: 'nft',
    language: 'nft-listing',
    lines: [
      /^\s*table (ip|ip6|inet|arp|bridge|netdev) \S+ \{/,
      // A part of a table, as people cut it out: what is in the braces is nft's alone.
      /^\s*(chain|set|map) \S+ \{\s*(# handle \d+)?$/,
      /^\s*type (filter|nat|route) hook \w+ (device \S+ )?priority /,
      /^# Warning: table (ip|ip6|inet|arp|bridge|netdev) \S+ is managed by iptables-nft/,
      /^(nft )?(add|create|insert) (table|chain|rule|set|map|element) (ip|ip6|inet|arp|bridge|netdev) \S/,
    ],
    names: ['nft(-[\\w-]+)?-(list-)?(ruleset|table)(-[\\w-]+)?', 'nft', 'nftables'],
    part: 'nftables',
    services: 2,
    mayBeEmpty: true,
    read: async ({ source }) => {
      const { nftParser } = await import('../../nft/nodeFacts');
      return nftParser(source);
    },
  },
  {
    id: 'nft-json',
    json: /^\{\s*"nftables"/,
    part: 'nftables',
    read: async ({ source }) => {
      const { nftJsonParser } = await import('../../nft/nodeFacts');
      return nftJsonParser(source);
    },
  },
  {
    id: 'nft-tables',
    lines: [/^table (ip|ip6|inet|arp|bridge|netdev) \S+$/],
    names: ['nft(-[\\w-]+)?-list-tables'],
  },
] as const satisfies readonly DumpKind[];
