import { readFileSync } from 'node:fs';
import { iptables, nftables, rules, type Case, type Edit } from './case';

const configuration: Edit = [
  'kube-proxy.config.yaml',
  '',
  readFileSync('samples/kubernetes-1.36-nftables/node-a/kube-proxy.config.yaml', 'utf8').replace(
    /^mode: .*/m,
    'mode: iptables',
  ),
];
const listing = nftables['nft-list-ruleset.txt']!;
/** The rule that marks what comes to shop/edge's ClusterIP from outside the Pods' network. */
const mark = /^-A KUBE-SVC-6DIQQWZY5FTPVDUK ! -s .* -j KUBE-MARK-MASQ\n/m;
const invalid = /^-A KUBE-FORWARD -m conntrack --ctstate INVALID .*-j DROP\n/m;

/** What rules, objects and configuration together show. */
export const expectedCases: readonly Case[] = [
  {
    code: 'target-port-names-no-port',
    base: iptables,
    raise: [['objects.yaml', 'targetPort: htttp\n', 'targetPort: webb\n']],
    near: [['objects.yaml', 'targetPort: htttp\n', 'targetPort: 8080\n']],
    says: /targetPort webb names no port of its Pods/,
    severity: 'information',
  },
  {
    code: 'rules-of-two-modes',
    base: iptables,
    raise: [['nft-list-ruleset.txt', '', listing]],
    near: [['nft-list-ruleset.txt', '', listing.replaceAll(' kube-proxy {', ' other {')]],
    says: /^Rules of .* mode are in force/,
  },
  {
    code: 'service-rules-differ',
    base: iptables,
    raise: [configuration, [rules, mark, '']],
    near: [configuration, [rules, mark, '[7:420] $&']],
    says: /^shop\/edge:http: 1 rule is missing/,
  },
  {
    code: 'node-rules-differ',
    base: iptables,
    raise: [configuration, [rules, invalid, '']],
    near: [configuration, [rules, invalid, '$&-A FORWARD -j ACCEPT\n']],
    says: /^Rules that every node has are not as kube-proxy .*INVALID/,
  },
];
