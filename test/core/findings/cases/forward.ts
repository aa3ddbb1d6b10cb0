import assert from 'node:assert/strict';
import { iptables, rules, type Case, type Edit } from './case';

const [filter = assert.fail()] = /^\*filter\n[^]*?^COMMIT\n/m.exec(iptables[rules]!) ?? [];
const dropped: Edit = [rules, /^(\*filter\n[^*]*?:FORWARD) ACCEPT /m, '$1 DROP '];
const accept = (rule: string): Edit => [rules, /^COMMIT/m, `-A ${rule} -j ACCEPT\nCOMMIT`];
/** What a trace needs besides. */
const addresses = ['ip-addr.txt', 'ip-route.txt'].map((file): Edit => [file, '', iptables[file]!]);

const base = { [rules]: filter };
const code = 'forward-policy-drops';
const says = /^Likely: the policy DROP of FORWARD ends each new connection/;

export const forwardCases: readonly Case[] = [
  { code, base, raise: [dropped], near: [dropped, accept('FORWARD -s 10.244.0.0/16')], says },
  {
    code,
    base,
    raise: [dropped, accept('FORWARD -m conntrack --ctstate RELATED,ESTABLISHED')],
    near: [dropped, accept('FORWARD -m conntrack --ctstate NEW,ESTABLISHED')],
    says,
    severity: 'warning',
  },
  {
    code,
    base,
    raise: [dropped, accept('INPUT')],
    // KUBE-FORWARD with a rule of others.
    near: [dropped, accept('KUBE-FORWARD -i cali+')],
    says,
  },
  { code, base, raise: [dropped], near: [dropped, [rules, /^-A KUBE-FORWARD [^]*/m, '']], says },
  // Of a machine that is no node nothing is known.
  { code, base, raise: [dropped], near: [dropped, [rules, /^.*KUBE-FORWARD.*\n/gm, '']], says },
  // With Services and addresses packets are traced.
  {
    code,
    base: { [rules]: iptables[rules]! },
    raise: [dropped],
    near: [dropped, ...addresses],
    says,
  },
];
