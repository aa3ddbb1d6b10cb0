import * as l10n from '@vscode/l10n';
import { contains } from '../../address';
import type { Match } from '../../rules/match';
import type { Rule } from '../../rules/ruleset';
import type { Check } from '../check';
import { eachTable } from '../tables';

/** Chains as long as kube-proxy's have rules that exclude each other; those of people are short. */
const mostRules = 200;

/** Matches whose answer is the same for a packet wherever in a chain it is asked. */
const steady: ReadonlySet<Match['kind']> = new Set<Match['kind']>([
  'protocol',
  'source',
  'destination',
  'in-interface',
  'out-interface',
  'fragment',
  'tcp',
  'udp',
  'sctp',
  'icmp',
  'icmp6',
  'multiport',
  'addrtype',
  'comment',
]);

/**
 * A rule that no packet gets to: one before it takes all that it asks for. Proved by subsumption:
 * whatever the earlier rule asks, the later one asks as well.
 */
export const neverMatches: Check = {
  code: 'rule-never-matches',
  severity: 'information',
  title: l10n.t('a rule can never match'),
  *find({ node }) {
    for (const { name, table } of eachTable(node)) {
      for (const chain of table.chains.values()) {
        if (isServices(chain.name)) continue;
        yield undefined;
        if (chain.length < 2 || chain.length > mostRules) continue;
        const before: { readonly rule: Rule; readonly asks: readonly Match[] }[] = [];
        for (let i = 0; i < chain.length; i++) {
          const rule = chain.rule(i);
          const by = before.find(({ asks }) => asks.every((match) => isAsked(match, rule)));
          if (by) {
            yield {
              message: l10n.t`No packet gets to this rule: rule ${by.rule.number} of ${name} ${chain.name} takes all that it asks for.`,
              range: rule.range,
              related: [{ message: l10n.t('the rule before'), range: by.rule.range }],
            };
          } else if (takes(rule)) before.push({ rule, asks: asksOf(rule) });
        }
      }
    }
  },
};

/** Of each Service kube-proxy writes the chain itself. */
function isServices(name: string): boolean {
  return /^KUBE-(?:SVC|SVL|SEP|EXT|FW|XLB)-/.test(name);
}

/** Ends the packet's way through the chain, whenever it matches, by what stays the same. */
function takes({ target, matches, findings }: Rule): boolean {
  if (findings.length > 0 || !target) return false;
  const ends = ['ACCEPT', 'DROP', 'REJECT', 'RETURN', 'goto'].includes(target.kind);
  return ends && matches.every(({ kind }) => steady.has(kind));
}

function asksOf({ matches }: Rule): readonly Match[] {
  return matches.filter(({ kind }) => kind !== 'comment');
}

/** Whether a packet that the rule matches is surely one that the match takes. */
function isAsked(match: Match, rule: Rule): boolean {
  return rule.matches.some((other) => {
    if (other.kind !== match.kind) return false;
    if (isNetwork(match) && isNetwork(other) && !match.negated && !other.negated) {
      return contains(match.network, other.network.address) && isNarrower(other, match);
    }
    return textOf(other) === textOf(match);
  });
}

type NetworkMatch = Match & { readonly kind: 'source' | 'destination' };

function isNetwork(match: Match): match is NetworkMatch {
  return match.kind === 'source' || match.kind === 'destination';
}

/** Every bit that the one looks at, the other looks at too. */
function isNarrower(inner: NetworkMatch, outer: NetworkMatch): boolean {
  return outer.network.mask.every((word, i) => (word & ~(inner.network.mask[i] ?? 0)) === 0);
}

function textOf(match: Match): string {
  return JSON.stringify({ ...match, range: undefined });
}
