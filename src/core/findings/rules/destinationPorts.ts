import { matchOf } from '../../rules/lookUp';
import type { Rule } from '../../rules/ruleset';

/** The single destination ports that a rule of iptables asks for, with their protocol's number: `8080/6`. */
export function destinationPorts(rule: Rule): readonly string[] {
  const protocol = matchOf(rule, 'protocol')?.protocol;
  return rule.matches.flatMap((match) => {
    if (match.kind === 'multiport' && match.side === 'destination' && !match.negated) {
      return match.ports
        .filter(({ from, to }) => from === to)
        .map(({ from }) => `${from}/${protocol}`);
    }
    if (match.kind !== 'tcp' && match.kind !== 'udp' && match.kind !== 'sctp') return [];
    return match.dport && !match.dport.negated ? [`${match.dport.value.from}/${protocol}`] : [];
  });
}
