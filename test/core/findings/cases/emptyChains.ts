import { iptables, nftables, rules, type Case, type Edit } from './case';

const [web = ''] = /(?<=:http -> 10\.244\.0\.2:8080".*-j )KUBE-SEP-\w+/.exec(iptables[rules]!)!;
const [last = ''] = /(?<=:http -> 10\.244\.1\.2:8080".*-j )KUBE-SEP-\w+/.exec(iptables[rules]!)!;
const flushed = (chain: string): Edit => [rules, new RegExp(`^-A ${chain} .*\n`, 'gm'), ''];
/** The rules that lead to it are gone, too. */
const unasked = (chain: string): Edit => [rules, new RegExp(`^-A .* -j ${chain}\n`, 'gm'), ''];
const service = 'service-SUSTUHLJ-default/web/tcp/http';
const listing = 'nft-list-ruleset.txt';
const emptied: Edit = [
  listing,
  new RegExp(`^(\tchain ${service} \\{\n)[^}]*?\\}.*\n(\t\\}\n)`, 'm'),
  '$1$2',
];

export const emptyChainCases: readonly Case[] = [
  {
    code: 'service-chain-empty',
    base: iptables,
    raise: [flushed(web)],
    near: [flushed(web), unasked(web)],
    says: new RegExp(
      `^${web} is empty, and a rule of KUBE-SVC-\\w+ leads there: .* goes on behind`,
    ),
    severity: 'warning',
  },
  {
    code: 'service-chain-empty',
    base: iptables,
    raise: [flushed(last)],
    // Cut off before the chain's rules.
    near: [[rules, new RegExp(`^-A ${last} [^]*`, 'm'), '']],
    says: new RegExp(`^${last} is empty, and the last rule of KUBE-SVC-\\w+ leads there`),
    severity: 'error',
  },
  {
    code: 'service-chain-empty',
    base: nftables,
    raise: [emptied],
    // A Service that is gone: its chain stays for a while, and no element leads there.
    near: [emptied, [listing, new RegExp(`^.*(?:goto|:) .*${service}.*\n`, 'gm'), '']],
    says: /^service-SUSTUHLJ-default\/web\/tcp\/http is empty, and an element leads there/,
    severity: 'error',
  },
];
