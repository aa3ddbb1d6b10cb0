import { parseAddress, type Address } from '../../address';
import { withoutRuleCounters } from '../../rules/ruleTexts';
import type { Chain } from '../../rules/ruleset';
import { itemsAtOnce, type Work } from '../../work';

/*
 * Chains that are as kube-proxy writes them, told by their texts. A node of 5,000 Services has 150,000
 * rules in them: to decode all of those takes some 15 s. What is written in any other way is decoded.
 */

/**
 * Whether a KUBE-SEP- chain surely marks what its endpoint itself sends, before its DNAT:
 *
 *     -A KUBE-SEP-X -s 10.244.0.5/32 ... -j KUBE-MARK-MASQ
 *     -A KUBE-SEP-X -p udp ... -j DNAT --to-destination 10.244.0.5:53
 */
export function marksItsEndpoint(chain: Chain): boolean {
  if (chain.length < 2) return false;
  const [first, last] = [plain(chain, 0), plain(chain, chain.length - 1)];
  const source =
    first && / -s ([^ ]+) (?:-m comment --comment (?:""|[^ "]+) )?-j KUBE-MARK-MASQ$/.exec(first);
  const target = last && / -j DNAT --to-destination ([^ ]+)$/.exec(last)?.[1];
  if (!source || target === undefined) return false;
  const own = source[1]!.replace(/\/(?:32|128)$/, '');
  return first === `-A ${chain.name}${source[0]}` && isAt(target, own);
}

/** `10.244.0.5:53` is at 10.244.0.5, `[fd00::5]:53` at fd00::5. */
function isAt(target: string, address: string): boolean {
  const end = target.lastIndexOf(':');
  const host = target.slice(0, end);
  return host === (address.includes(':') ? `[${address}]` : address);
}

/**
 * Where the last rule of a KUBE-SEP- chain leads; undefined where its text does not say so plainly.
 */
export function usualTarget(
  chain: Chain,
): { readonly address: Address; readonly port: number } | undefined {
  const text = chain.length > 0 ? plain(chain, chain.length - 1) : undefined;
  const [, six, four, number] =
    / -j DNAT --to-destination (?:\[([0-9a-f:]+)\]|([0-9.]+)):(\d+)$/.exec(text ?? '') ?? [];
  const address = parseAddress(six ?? four ?? '');
  const port = Number(number);
  return address && port <= 65535 ? { address, port } : undefined;
}

/** A rule of a Service's chain that leads to an endpoint by random choice alone. */
export interface UsualChoice {
  /** From 0, as Chain.rule counts. */
  readonly index: number;
  /** `KUBE-SEP-...` */
  readonly to: string;
  /** 0 to 1: of the packets that come to this rule. */
  readonly chance: number;
}

/**
 * The rules of a Service's chain that choose an endpoint, where its texts surely say that there are
 * no others: first KUBE-MARK-MASQ and what session affinity remembers, then to one KUBE-SEP- each.
 */
export function* usualChoices(chain: Chain): Work<readonly UsualChoice[] | undefined> {
  const choices: UsualChoice[] = [];
  const seen = new Set<string>();
  for (let index = 0; index < chain.length; index++) {
    if (index % itemsAtOnce === itemsAtOnce - 1) yield;
    const text = plain(chain, index);
    if (text === undefined) return undefined;
    if (seen.size === 0 && text.endsWith(' -j KUBE-MARK-MASQ')) continue;
    // Of session affinity: it names an endpoint again, for those who were there before.
    if (seen.size === 0 && / -m recent --rcheck /.test(text)) continue;
    const jump = text.lastIndexOf(' -j KUBE-SEP-');
    const to = text.slice(jump + ' -j '.length);
    if (jump < 0 || to.length !== nameLength || seen.has(to)) return undefined;
    seen.add(to);
    const chance = chanceIn(text.slice(`-A ${chain.name}`.length, jump));
    if (chance === undefined) return undefined;
    choices.push({ index, to, chance });
  }
  return choices;
}

/** Whether the rules of a Service's chain surely give each endpoint the same: 1/3, 1/2 and the rest. */
export function* hasEvenShares(chain: Chain): Work<boolean> {
  const choices = yield* usualChoices(chain);
  return (
    choices?.every(({ chance }, i) => Math.abs(chance * (choices.length - i) - 1) < 0.01) ?? false
  );
}

/** `KUBE-SEP-` and a hash. */
const nameLength = 'KUBE-SEP-'.length + 16;

/** Of the matches of a rule of random choice: ` -m comment --comment "..." -m statistic ...`. */
function chanceIn(matches: string): number | undefined {
  const rest = matches.replace(/^ -m comment --comment (?:""|[^ "]+)/, '');
  if (rest === '') return 1;
  const random = /^ -m statistic --mode random --probability ([0-9.]+)$/.exec(rest)?.[1];
  return Number(random) <= 1 ? Number(random) : undefined;
}

/** A rule's text without counters and what is quoted; undefined where it is not one plain line of iptables-save. */
function plain(chain: Chain, i: number): string | undefined {
  const text = withoutRuleCounters(chain.savedText?.(i) ?? '');
  if (!text.startsWith(`-A ${chain.name} `) || text.includes('\\')) return undefined;
  if (!text.includes('"')) return text;
  const bare = text.replace(/"[^"]*"/g, '""');
  return bare.replaceAll('""', '').includes('"') ? undefined : bare;
}
