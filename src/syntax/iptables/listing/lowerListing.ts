import * as l10n from '@vscode/l10n';
import { parseNetwork } from '../../../core/address';
import { hiddenInterfaces } from '../../../core/rules/match';
import type { Match } from '../../../core/rules/match';
import type { Counters } from '../../../core/rules/counters';
import { iptablesRule } from '../../../core/rules/rule';
import type { Rule } from '../../../core/rules/ruleset';
import type { Target } from '../../../core/rules/target';
import { targetNames } from '../lines/targetNames';
import type { RuleOrigin } from '../lowerRule';
import { RuleFindings } from '../ruleFindings';
import type { Value } from '../ruleLine';
import { parseInterface, parseProtocol } from '../values';
import type { ListingRow } from './listingRow';
import { printedMatches } from './printedMatches';
import { beginsTarget, printedTargets, type PrintedTarget } from './printedTargets';
import { Words } from './words';

/**
 * What one row of `iptables -L` means, as far as a listing shows it: without -v it leaves the
 * devices out, without -n it prints names for numbers. What is not shown is an unmodelled match.
 */
export function lowerListing(row: ListingRow, context: RuleOrigin): Rule {
  const findings = new RuleFindings(context.source, context.line);
  const words = new Words(row.words);
  const goto = words.skip('[goto]');
  const core = lowerColumns(row, findings);
  const { matches, target } = lowerWords(row, words, goto, context, findings);
  return iptablesRule({
    number: context.number,
    range: findings.range({ start: 0, end: row.text.length }),
    matches: [...core, ...matches],
    target,
    counters: readCounters(row),
    findings: findings.list,
  });
}

/** The columns in the order in which the kernel asks; a column that means "any" is no match. */
function lowerColumns(row: ListingRow, findings: RuleFindings): Match[] {
  const { inInterface, outInterface, protocol, fragment, source, destination } = row;
  return [
    lowerAddress('source', source, findings),
    lowerAddress('destination', destination, findings),
    ...(inInterface && outInterface
      ? [
          lowerInterface('in-interface', inInterface, findings),
          lowerInterface('out-interface', outInterface, findings),
        ]
      : [notListed(row, findings)]),
    lowerProtocol(protocol, findings),
    fragment && /f/.test(fragment.text)
      ? ({
          kind: 'fragment',
          range: findings.range(fragment),
          negated: fragment.text.startsWith('!'),
        } as const)
      : undefined,
  ].filter((match) => match !== undefined);
}

function notListed({ text }: ListingRow, findings: RuleFindings): Match {
  return {
    kind: 'unmodelled',
    name: hiddenInterfaces,
    text: l10n.t('in/out interfaces are not in this listing: list with -v'),
    range: findings.range({ start: 0, end: text.length }),
  };
}

/** A leading `!`, and the value behind it. */
function signed({ text }: Value): { readonly text: string; readonly negated: boolean } {
  return { text: text.replace(/^!/, ''), negated: text.startsWith('!') };
}

function lowerAddress(
  kind: 'source' | 'destination',
  value: Value,
  findings: RuleFindings,
): Match | undefined {
  const { text, negated } = signed(value);
  if (!negated && /^(anywhere|default|0\.0\.0\.0\/0|::\/0)$/.test(text)) return undefined;
  const range = findings.range(value);
  const network = parseNetwork(text);
  if (network) return { kind, range, network, negated };
  const reason = l10n.t`the name ${text} stands for an address: list with -n`;
  return { kind: 'unmodelled', name: kind, text: reason, range };
}

function lowerInterface(
  kind: 'in-interface' | 'out-interface',
  value: Value,
  findings: RuleFindings,
): Match | undefined {
  const { text, negated } = signed(value);
  if (!negated && (text === '*' || text === 'any')) return undefined;
  return { kind, range: findings.range(value), pattern: parseInterface(text), negated };
}

function lowerProtocol(value: Value, findings: RuleFindings): Match | undefined {
  const { text, negated } = signed(value);
  if (!negated && (text === 'all' || text === '0')) return undefined;
  const range = findings.range(value);
  const protocol = parseProtocol(text);
  if (protocol !== undefined) return { kind: 'protocol', range, protocol, negated };
  findings.error('unreadable-value', l10n.t`There is no protocol "${text}".`, value);
  return { kind: 'unmodelled', name: 'protocol', text, range };
}

interface LoweredWords {
  readonly matches: readonly Match[];
  readonly target: Target | undefined;
}

function lowerWords(
  row: ListingRow,
  words: Words,
  goto: boolean,
  { isChain, family }: RuleOrigin,
  findings: RuleFindings,
): LoweredWords {
  const matches: Match[] = [];
  const { target: name } = row;
  const jump = name && (goto || isChain(name.text) || !targetNames.has(name.text));
  const readTarget = name && !jump ? printedTargets.get(name.text) : undefined;
  for (;;) {
    const mark = words.mark;
    const target = readTarget?.(words, family);
    // Behind an extension that is not known the target's own words can't be told from its words.
    const sure = matches.at(-1)?.kind !== 'unmodelled' || isVerdict(target);
    if (name && target && words.done && sure) {
      const end = Math.max(name.end, words.columns(mark).end);
      const range = findings.range({ start: name.start, end });
      return { matches, target: { ...target, range } };
    }
    words.reset(mark);
    const own = name && !jump && !readTarget && beginsTarget(name.text, words.peek());
    if (words.done || own) break;
    matches.push(readMatch(row, words, findings));
  }
  if (!name) return { matches, target: undefined };
  const range = findings.range(name);
  if (jump) {
    const kind = goto ? 'goto' : 'jump';
    return { matches, target: { kind, range, chain: name.text, nameRange: range } };
  }
  return {
    matches,
    target: { kind: 'unmodelled-target', range, name: name.text, text: words.rest() },
  };
}

function isVerdict(target: PrintedTarget | undefined): boolean {
  return target !== undefined && /^(ACCEPT|DROP|RETURN|QUEUE)$/.test(target.kind);
}

function readMatch(row: ListingRow, words: Words, findings: RuleFindings): Match {
  const mark = words.mark;
  const comment = /^\/\*\s?(.*?)\s?\*\/$/.exec(words.peek());
  if (comment) {
    words.next();
    return { kind: 'comment', text: comment[1] ?? '', range: findings.range(words.columns(mark)) };
  }
  const negated = words.skip('!');
  const first = words.next();
  const match = printedMatches.get(first)?.(words, negated, first);
  const range = findings.range(words.columns(mark));
  if (match) return { ...match, range };
  // The end of what an unknown extension prints can't be told: all the rest is its text.
  words.reset(mark);
  words.rest();
  const rest = words.columns(mark);
  return {
    kind: 'unmodelled',
    name: first,
    text: row.text.slice(rest.start, rest.end),
    range: findings.range(rest),
  };
}

/** undefined also for rounded ones: `46K`. */
function readCounters({ packets, bytes }: ListingRow): Counters | undefined {
  if (!packets || !bytes || !/^\d+$/.test(packets.text + bytes.text)) return undefined;
  return { packets: Number(packets.text), bytes: Number(bytes.text) };
}
