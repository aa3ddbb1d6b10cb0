import { nftables, type Case } from './case';

/** Faults of kube-proxy's own table in nftables mode. */
export const nftablesCases: readonly Case[] = [
  {
    code: 'mark-without-masquerade',
    base: nftables,
    raise: [['nft-list-ruleset.txt', /\^ 0x00004000 masquerade fully-random/, '^ 0x00004000']],
    near: [
      [
        'nft-list-ruleset.txt',
        /\^ 0x00004000 masquerade fully-random/,
        '^ 0x00004000 snat to 192.168.77.10',
      ],
    ],
    says: /Nothing that nat postrouting of table kube-proxy calls masquerades what is marked/,
  },
  {
    code: 'services-not-reached',
    base: nftables,
    raise: [['nft-list-ruleset.txt', /(chain nat-output \{\n.*\n)\t\tjump services\n/, '$1']],
    // Over a chain of another name it is reached as well.
    near: [
      [
        'nft-list-ruleset.txt',
        /(\tchain nat-output \{\n.*\n)\t\tjump services\n/,
        '\tchain between {\n\t\tjump services\n\t}\n\n$1\t\tgoto between\n',
      ],
    ],
    says: /^Nothing that nat output .* The node itself does not reach any Service/,
  },
];
