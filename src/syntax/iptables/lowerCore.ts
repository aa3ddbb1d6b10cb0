import * as l10n from '@vscode/l10n';
import { parseNetwork } from '../../core/address';
import type { Match } from '../../core/rules/match';
import { shortName } from './groupOptions';
import type { RuleFindings } from './ruleFindings';
import type { Option } from './ruleLine';
import { parseInterface, parseProtocol } from './values';

/** ip_tables.c, ip_packet_match: the order in which the kernel asks. */
const order = ['-s', '-d', '-i', '-o', '-p', '-f'];

/** What iptables itself asks for, without a `-m`. */
export function lowerCore(options: readonly Option[], findings: RuleFindings): Match[] {
  return options
    .toSorted((left, right) => order.indexOf(shortName(left)) - order.indexOf(shortName(right)))
    .map((option) => lowerOption(option, findings));
}

function lowerOption(option: Option, findings: RuleFindings): Match {
  const range = findings.range(option);
  const { negated } = option;
  const [value, ...more] = option.values;
  const text = more.length > 0 ? undefined : value?.text;
  switch (shortName(option)) {
    case '-s':
    case '-d': {
      const network = text === undefined ? undefined : parseNetwork(text);
      const kind = shortName(option) === '-s' ? 'source' : 'destination';
      if (network) return { kind, range, network, negated };
      break;
    }
    case '-i':
    case '-o': {
      const kind = shortName(option) === '-i' ? 'in-interface' : 'out-interface';
      if (text) return { kind, range, pattern: parseInterface(text), negated };
      break;
    }
    case '-p': {
      const protocol = text === undefined ? undefined : parseProtocol(text);
      if (protocol !== undefined) return { kind: 'protocol', range, protocol, negated };
      break;
    }
    case '-f':
      if (option.values.length === 0) return { kind: 'fragment', range, negated };
  }
  const written = option.values.map(({ text }) => text).join(' ');
  const message = written
    ? l10n.t`"${option.name} ${written}" can't be read.`
    : l10n.t`${option.name} has no value.`;
  findings.error('unreadable-value', message, option);
  return { kind: 'unmodelled', name: option.name, text: written, range };
}
