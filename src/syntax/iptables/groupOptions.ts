import * as l10n from '@vscode/l10n';
import { matchModules } from './matches';
import { OptionGroup } from './optionGroup';
import type { RuleFindings } from './ruleFindings';
import type { Option, RuleLine } from './ruleLine';
import { targetModules } from './targets';

/** A rule's options, each with the match or target that it belongs to. */
export interface GroupedOptions {
  /** `-s`, `-d`, `-i`, `-o`, `-p`, `-f` */
  readonly core: readonly Option[];
  /** `-c 5 300` of `iptables -S -v`. */
  readonly counters: Option | undefined;
  readonly matches: readonly OptionGroup[];
  /** `-j` or `-g`, with the options after it. */
  readonly target: { readonly option: Option; readonly group: OptionGroup } | undefined;
}

/** Long names of iptables(8) as the short ones. */
const shortNames: ReadonlyMap<string, string> = new Map([
  ['--source', '-s'],
  ['--src', '-s'],
  ['--destination', '-d'],
  ['--dst', '-d'],
  ['--in-interface', '-i'],
  ['--out-interface', '-o'],
  ['--protocol', '-p'],
  ['--proto', '-p'],
  ['--fragment', '-f'],
  ['--fragments', '-f'],
  ['--match', '-m'],
  ['--jump', '-j'],
  ['--goto', '-g'],
  ['--set-counters', '-c'],
  ['--ipv4', '-4'],
  ['--ipv6', '-6'],
]);

export function shortName({ name }: Option): string {
  return shortNames.get(name) ?? name;
}

/**
 * Gives each option to its match or target as iptables does: to the latest `-m` that knows it, to
 * the target, or to the protocol's own match, which `-p tcp` loads without `-m tcp`.
 */
export function groupOptions(line: RuleLine, findings: RuleFindings): GroupedOptions {
  const core: Option[] = [];
  const matches: OptionGroup[] = [];
  let counters: Option | undefined;
  let target: GroupedOptions['target'];

  function owner(option: Option): OptionGroup | undefined {
    if (target && takesOption(targetModules, target.group, option)) return target.group;
    const last = matches.at(-1);
    const unmodelled = last && !matchModules.has(last.name) ? last : undefined;
    if (unmodelled && !target) return unmodelled;
    const known = matches.findLast((group) => takesOption(matchModules, group, option));
    return known ?? implicitMatch(option) ?? unmodelledTarget() ?? unmodelled;
  }

  /** A target that is not modelled takes every option behind it. */
  function unmodelledTarget(): OptionGroup | undefined {
    return target && !targetModules.has(target.group.name) ? target.group : undefined;
  }

  function implicitMatch(option: Option): OptionGroup | undefined {
    const protocol = core.find((option) => shortName(option) === '-p')?.values[0]?.text;
    const name = protocol && (protocolMatches.get(protocol) ?? protocol);
    if (!name || !matchModules.get(name)?.options.includes(option.name)) return undefined;
    const group = new OptionGroup(name, line.text, findings, option.start, option.start);
    matches.push(group);
    return group;
  }

  /** getopt_long takes the beginning of an option that no other has: `--to-port`. */
  function unabbreviated(option: Option): Option | undefined {
    const known = [
      ...matches.flatMap(({ name }) => matchModules.get(name)?.options ?? []),
      ...(targetModules.get(target?.group.name ?? '')?.options ?? []),
    ].filter((name) => name.startsWith(option.name));
    const [name, ...others] = new Set(known);
    return name !== undefined && others.length === 0 ? { ...option, name } : undefined;
  }

  for (const option of line.options) {
    const name = option.values[0]?.text ?? '';
    // Of the tunnel that IPsec's policy asks for; elsewhere it is the beginning of --protocol.
    const isOfPolicy = option.name === '--proto' && matches.at(-1)?.name === 'policy';
    switch (isOfPolicy ? option.name : shortName(option)) {
      case '-s':
      case '-d':
      case '-i':
      case '-o':
      case '-p':
      case '-f':
        core.push(option);
        break;
      case '-4':
      case '-6':
        break;
      case '-c':
        counters = option;
        break;
      case '-m':
        if (!name) findings.error('unreadable-value', l10n.t`${option.name} has no value.`, option);
        matches.push(new OptionGroup(name, line.text, findings, option.start, option.end));
        break;
      case '-j':
      case '-g':
        if (!name) findings.error('unreadable-value', l10n.t`${option.name} has no value.`, option);
        if (target) findings.error('second-target', l10n.t`A rule has one target only.`, option);
        target = {
          option,
          group: new OptionGroup(name, line.text, findings, option.start, option.end),
        };
        break;
      default: {
        const full = owner(option) ? option : (unabbreviated(option) ?? option);
        const group = owner(full);
        if (group) group.add(full);
        else {
          const message = l10n.t`${option.name} is not an option of any match or target of this rule.`;
          findings.error('unknown-option', message, option);
        }
      }
    }
  }
  return { core, counters, matches, target };
}

/** Protocols whose match has another name. */
const protocolMatches: ReadonlyMap<string, string> = new Map([
  ['6', 'tcp'],
  ['17', 'udp'],
  ['132', 'sctp'],
  ['1', 'icmp'],
  ['58', 'icmp6'],
  ['icmpv6', 'icmp6'],
  ['ipv6-icmp', 'icmp6'],
]);

function takesOption(
  modules: ReadonlyMap<string, { readonly options: readonly string[] }>,
  group: OptionGroup,
  option: Option,
): boolean {
  return modules.get(group.name)?.options.includes(option.name) ?? false;
}
