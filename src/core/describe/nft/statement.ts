import * as l10n from '@vscode/l10n';
import { countersText } from '../../flow/counters/countText';
import { formatAddress } from '../../address';
import type { NatTarget } from '../../rules/target';
import type { CompareMatch, Statement } from '../../rules/statement';
import { intervalInWords } from '../words';
import { expressionInWords, hex, patternInWords, setInWords } from './expression';
import { list } from '../../list';

/** One statement of a rule of nft as a sentence; what stands before it in the rule has held. */
export function statementInWords(statement: Statement): string {
  switch (statement.kind) {
    case 'compare':
      return comparison(statement);
    case 'lookup': {
      const { key, set, negated } = statement;
      return l10n.t`Matches if ${expressionInWords(key)} ${plural(key.kind)} ${negated ? l10n.t('not in') : l10n.t('in')} ${setInWords(set)}.`;
    }
    case 'vmap':
      return l10n.t`Looks ${expressionInWords(statement.key)} up in ${setInWords(statement.map)} and does what its element says; without one the rule does not match.`;
    case 'assign':
      return l10n.t`Sets ${expressionInWords(statement.to)} to ${assigned(statement.value)}.`;
    case 'set-update': {
      const { operation, key, set, timeout } = statement;
      const lives = timeout === undefined ? '' : l10n.t` for ${timeout} seconds`;
      if (operation === 'delete') return l10n.t`Takes ${expressionInWords(key)} out of @${set}.`;
      return l10n.t`${operation === 'add' ? l10n.t('Adds') : l10n.t('Adds or renews')} ${expressionInWords(key)} in @${set}${lives}; a full set ends the rule.`;
    }
    case 'counter': {
      const { counters, name } = statement;
      if (name !== undefined) return l10n.t`Counts in the object ${name} of the table.`;
      if (!counters) return l10n.t('Counts what comes so far.');
      return l10n.t`Counts what comes so far: ${countersText(counters)} at the time of the dump.`;
    }
    case 'quota':
      return l10n.t`Matches ${statement.over ? l10n.t('once more than') : l10n.t('up to')} ${statement.bytes} bytes have come so far (${statement.used} were used).`;
    case 'named':
      return l10n.t`Matches as the ${statement.object} ${statement.name} of the table says, which all rules that name it share.`;
    case 'object-map':
      return l10n.t`Takes the ${statement.object} of the table that ${expressionInWords(statement.map)} gives; without an element the rule does not match.`;
    case 'limit':
      return l10n.t`Matches ${statement.above ? l10n.t('what is above') : l10n.t('at most')} ${statement.text}; how full the bucket is, is unknown.`;
    case 'comment':
      return l10n.t`Comment: ${statement.text}`;
    case 'jump':
      return l10n.t`Goes on in chain ${statement.chain}; what no rule there decides comes back to the next rule here.`;
    case 'goto':
      return l10n.t`Goes on in chain ${statement.chain} and does not come back here.`;
    case 'ACCEPT':
      return l10n.t(
        'Accepts: ends this base chain. Base chains of later priority still see the packet.',
      );
    case 'DROP':
      return l10n.t('Drops the packet, whatever other tables say.');
    case 'RETURN':
      return l10n.t('Goes back to the rule behind the jump; in a base chain its policy decides.');
    case 'CONTINUE':
      return l10n.t('Decides nothing: the rule goes on.');
    case 'REJECT':
      return l10n.t`Drops the packet and answers with ${statement.with === 'tcp-reset' ? l10n.t`a TCP reset` : `${statement.with.replace(/^icmp(6|x)?-/, (_, v: string | undefined) => (v === '6' ? 'ICMPv6 ' : 'ICMP '))}`}.`;
    case 'DNAT':
    case 'SNAT':
    case 'MASQUERADE':
    case 'REDIRECT':
      return natInWords(statement);
    case 'CT':
      return l10n.t(
        'Leaves the packet out of connection tracking: nat does not see it, and ct state is untracked.',
      );
    case 'LOG':
    case 'NFLOG':
      return l10n.t`Logs the packet${statement.text ? ` (${statement.text})` : ''} and goes on.`;
    case 'NFQUEUE':
      return l10n.t`Hands the packet to a program${statement.bypass ? l10n.t('; without one it is accepted') : l10n.t('; without one it is dropped')}.`;
    case 'unmodelled':
      return l10n.t`A condition that nft cannot print (${statement.text}): iptables-save shows what it tests.`;
    case 'unmodelled-target':
      return l10n.t`An action of iptables that nft cannot print (${statement.text}): iptables-save shows it.`;
    case 'tproxy':
      return l10n.t('Hands the packet to a local socket; without one the rule does not match.');
    case 'fwd':
      return l10n.t('Sends the frame out of another device at once.');
    case 'neutral':
      return l10n.t`${statement.text}: changes nothing of the way that the packet takes.`;
    case 'unknown':
      return l10n.t`Not understood here: ${statement.text}. It may test, change or decide anything.`;
    default:
      return `${statement.kind}`;
  }
}

function plural(kind: string): string {
  return kind === 'concat' ? l10n.t('are together') : l10n.t('is');
}

function comparison({ left, operator, right }: CompareMatch): string {
  // Bits under a mask: `meta mark & 0x4000 != 0`.
  if (left.kind === 'arithmetic' && left.operator === '&' && right.kind === 'numbers') {
    const set = maskSentence(left, operator, right.from);
    if (set !== undefined) return set;
  }
  if (left.kind === 'fib' && left.present && right.kind === 'numbers') {
    const there = (right.from === 1) === (operator !== '!=');
    return l10n.t`Matches if there is ${there ? l10n.t('a') : l10n.t('no')} route for ${list(left.flags, 'row')}.`;
  }
  const words: Readonly<Record<CompareMatch['operator'], string>> = {
    '==': l10n.t('is'),
    '!=': l10n.t('is not'),
    '<': l10n.t('is below'),
    '<=': l10n.t('is at most'),
    '>': l10n.t('is above'),
    '>=': l10n.t('is at least'),
    any: l10n.t('is'),
    none: l10n.t('has none of'),
  };
  return l10n.t`Matches if ${expressionInWords(left)} ${words[operator]} ${patternInWords(right, left)}.`;
}

function maskSentence(
  left: Extract<CompareMatch['left'], { kind: 'arithmetic' }>,
  operator: CompareMatch['operator'],
  value: number,
): string | undefined {
  const { right, left: of } = left;
  if (right.kind !== 'constant' || right.value.kind !== 'number') return undefined;
  const mask = right.value.number;
  const what = expressionInWords(of);
  const same = operator === '==';
  if (!same && operator !== '!=') return undefined;
  if (value === 0)
    return l10n.t`Matches if ${same ? l10n.t('none') : l10n.t('any')} of the bits ${hex(mask)} of ${what} is set.`;
  if (value === mask)
    return same
      ? l10n.t`Matches if the bits ${hex(mask)} of ${what} are all set.`
      : l10n.t`Matches if the bits ${hex(mask)} of ${what} are not all set.`;
  return l10n.t`Matches if the bits ${hex(mask)} of ${what} ${same ? l10n.t('are') : l10n.t('are not')} ${hex(value)}.`;
}

/** `meta mark | 0x4000` and its like say what becomes of the bits. */
function assigned(value: Parameters<typeof expressionInWords>[0]): string {
  if (value.kind !== 'arithmetic' || value.right.kind !== 'constant')
    return expressionInWords(value);
  const what = expressionInWords(value.left);
  const bits = value.right.value.kind === 'number' ? hex(value.right.value.number) : '';
  switch (value.operator) {
    case '|':
      return l10n.t`${what} with the bits ${bits} set`;
    case '&':
      return l10n.t`${what}, of which only the bits ${bits} are kept`;
    case '^':
      return l10n.t`${what} with the bits ${bits} turned over`;
    default:
      return expressionInWords(value);
  }
}

function natInWords(nat: NatTarget): string {
  const { kind, addresses, ports, toAddress, toPort, family } = nat;
  if (kind === 'MASQUERADE') {
    const random =
      nat.fullyRandom || nat.random ? l10n.t(' The source port is chosen at random.') : '';
    return l10n.t`Gives the packet the address of the outgoing device as source.${random}`;
  }
  const from = addresses && formatAddress(addresses.from);
  const to = addresses && formatAddress(addresses.to);
  const address = toAddress
    ? expressionInWords(toAddress)
    : from === undefined
      ? undefined
      : from === to
        ? from
        : l10n.t`${from} to ${to!}`;
  const port = toPort ? expressionInWords(toPort) : ports && intervalInWords(ports);
  const goal = [address, port && l10n.t`port ${port}`].filter(Boolean).join(l10n.t(', '));
  const only = family ? l10n.t` (IPv${family} only)` : '';
  if (kind === 'REDIRECT')
    return l10n.t`Sends the packet to this node itself${goal ? `, ${goal}` : ''}.`;
  return l10n.t`Changes the ${kind === 'DNAT' ? l10n.t('destination') : l10n.t('source')} to ${goal}${only}.`;
}
