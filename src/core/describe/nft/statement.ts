import { formatAddress } from '../../address';
import type { NatTarget } from '../../rules/target';
import type { CompareMatch, Statement } from '../../rules/statement';
import { intervalInWords } from '../words';
import { expressionInWords, hex, patternInWords, setInWords } from './expression';

/** One statement of a rule of nft as a sentence; what stands before it in the rule has held. */
export function statementInWords(statement: Statement): string {
  switch (statement.kind) {
    case 'compare':
      return comparison(statement);
    case 'lookup': {
      const { key, set, negated } = statement;
      return `Matches if ${expressionInWords(key)} ${plural(key.kind)} ${negated ? 'not in' : 'in'} ${setInWords(set)}.`;
    }
    case 'vmap':
      return `Looks ${expressionInWords(statement.key)} up in ${setInWords(statement.map)} and does what its element says; without one the rule does not match.`;
    case 'assign':
      return `Sets ${expressionInWords(statement.to)} to ${assigned(statement.value)}.`;
    case 'set-update': {
      const { operation, key, set, timeout } = statement;
      const lives = timeout === undefined ? '' : ` for ${timeout} seconds`;
      if (operation === 'delete') return `Takes ${expressionInWords(key)} out of @${set}.`;
      return `${operation === 'add' ? 'Adds' : 'Adds or renews'} ${expressionInWords(key)} in @${set}${lives}; a full set ends the rule.`;
    }
    case 'counter': {
      const { counters, name } = statement;
      if (name !== undefined) return `Counts in the object ${name} of the table.`;
      if (!counters) return 'Counts what comes so far.';
      return `Counts what comes so far: ${counters.packets} packets, ${counters.bytes} bytes at the time of the dump.`;
    }
    case 'quota':
      return `Matches ${statement.over ? 'once more than' : 'up to'} ${statement.bytes} bytes have come so far (${statement.used} were used).`;
    case 'named':
      return `Matches as the ${statement.object} ${statement.name} of the table says, which all rules that name it share.`;
    case 'limit':
      return `Matches ${statement.above ? 'what is above' : 'at most'} ${statement.text}. No dump tells how full the bucket is.`;
    case 'comment':
      return `Comment: ${statement.text}`;
    case 'jump':
      return `Goes on in chain ${statement.chain}; what no rule there decides comes back to the next rule here.`;
    case 'goto':
      return `Goes on in chain ${statement.chain} and does not come back here.`;
    case 'ACCEPT':
      return 'Accepts: ends this base chain. Base chains of later priority still see the packet.';
    case 'DROP':
      return 'Drops the packet, whatever other tables say.';
    case 'RETURN':
      return 'Goes back to the rule behind the jump; in a base chain its policy decides.';
    case 'CONTINUE':
      return 'Goes on with the next rule.';
    case 'REJECT':
      return `Drops the packet and answers with ${statement.with === 'tcp-reset' ? 'a TCP reset' : `${statement.with.replace(/^icmp(6|x)?-/, (_, v: string | undefined) => (v === '6' ? 'ICMPv6 ' : 'ICMP '))}`}.`;
    case 'DNAT':
    case 'SNAT':
    case 'MASQUERADE':
    case 'REDIRECT':
      return natInWords(statement);
    case 'CT':
      return 'Leaves the packet out of connection tracking: nat does not see it, and ct state is untracked.';
    case 'LOG':
    case 'NFLOG':
      return `Logs the packet${statement.text ? ` (${statement.text})` : ''} and goes on.`;
    case 'NFQUEUE':
      return `Hands the packet to a program${statement.bypass ? '; without one it is accepted' : '; without one it is dropped'}.`;
    case 'unmodelled':
      return `A condition that nft can not print (${statement.text}): what it tests, iptables-save tells.`;
    case 'unmodelled-target':
      return `An action of iptables that nft can not print (${statement.text}): iptables-save tells it.`;
    case 'tproxy':
      return 'Hands the packet to a local socket; without one the rule does not match.';
    case 'fwd':
      return 'Sends the frame out of another device at once.';
    case 'neutral':
      return `${statement.text}: changes nothing of the way that the packet takes.`;
    case 'unknown':
      return `Not understood here: ${statement.text}. It may test, change or decide anything.`;
    default:
      return `${statement.kind}`;
  }
}

function plural(kind: string): string {
  return kind === 'concat' ? 'are together' : 'is';
}

function comparison({ left, operator, right }: CompareMatch): string {
  // Bits under a mask: `meta mark & 0x4000 != 0`.
  if (left.kind === 'arithmetic' && left.operator === '&' && right.kind === 'numbers') {
    const set = maskSentence(left, operator, right.from);
    if (set !== undefined) return set;
  }
  if (left.kind === 'fib' && left.present && right.kind === 'numbers') {
    const there = (right.from === 1) === (operator !== '!=');
    return `Matches if there is ${there ? 'a' : 'no'} route for ${left.flags.join(', ')}.`;
  }
  const words: Readonly<Record<CompareMatch['operator'], string>> = {
    '==': 'is',
    '!=': 'is not',
    '<': 'is below',
    '<=': 'is at most',
    '>': 'is above',
    '>=': 'is at least',
    any: 'is',
    none: 'has none of',
  };
  return `Matches if ${expressionInWords(left)} ${words[operator]} ${patternInWords(right, left)}.`;
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
    return `Matches if ${same ? 'none' : 'any'} of the bits ${hex(mask)} of ${what} is set.`;
  if (value === mask)
    return `Matches if the bits ${hex(mask)} of ${what} are ${same ? '' : 'not '}all set.`;
  return `Matches if the bits ${hex(mask)} of ${what} ${same ? 'are' : 'are not'} ${hex(value)}.`;
}

/** `meta mark | 0x4000` and its like say what becomes of the bits. */
function assigned(value: Parameters<typeof expressionInWords>[0]): string {
  if (value.kind !== 'arithmetic' || value.right.kind !== 'constant')
    return expressionInWords(value);
  const what = expressionInWords(value.left);
  const bits = value.right.value.kind === 'number' ? hex(value.right.value.number) : '';
  switch (value.operator) {
    case '|':
      return `${what} with the bits ${bits} set`;
    case '&':
      return `${what}, of which only the bits ${bits} are kept`;
    case '^':
      return `${what} with the bits ${bits} turned over`;
    default:
      return expressionInWords(value);
  }
}

function natInWords(nat: NatTarget): string {
  const { kind, addresses, ports, toAddress, toPort, family } = nat;
  if (kind === 'MASQUERADE') {
    const random = nat.fullyRandom || nat.random ? ' The source port is chosen at random.' : '';
    return `Gives the packet the address of the outgoing device as source.${random}`;
  }
  const from = addresses && formatAddress(addresses.from);
  const to = addresses && formatAddress(addresses.to);
  const address = toAddress
    ? expressionInWords(toAddress)
    : from === undefined
      ? undefined
      : from === to
        ? from
        : `${from} to ${to}`;
  const port = toPort ? expressionInWords(toPort) : ports && intervalInWords(ports);
  const goal = [address, port && `port ${port}`].filter(Boolean).join(', ');
  const only = family ? ` (IPv${family} only)` : '';
  if (kind === 'REDIRECT') return `Sends the packet to this node itself${goal ? `, ${goal}` : ''}.`;
  return `Changes the ${kind === 'DNAT' ? 'destination' : 'source'} to ${goal}${only}.`;
}
