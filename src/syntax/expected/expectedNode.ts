import type { Family } from '../../core/address';
import { expectedRules } from '../../core/expected';
import { savedTextBeside } from '../../core/expected/beside';
import type { ExpectedInput } from '../../core/expected/input';
import { setsRouteLocalnet } from '../../core/expected/nodePorts';
import type { ServicePort } from '../../core/expected/servicePorts';
import { nftText } from '../../core/expected/text';
import type { NodeState } from '../../core/node';
import type { SourceRange } from '../../core/source';
import type { Work } from '../../core/work';
import { rulesetsOfText } from '../iptables/ruleset/ruleset';
import { nftRuleset } from '../nft/ruleset/ruleset';
import { textLines } from '../textLines';
import type { LineParser } from '../treeSitter';

/** A node as it would be, with the texts that its rules are read from. */
export interface ExpectedNode {
  readonly state: NodeState;
  /** By the name of a file beside dumps: `iptables-save.txt`, `nft-list-ruleset.txt`. */
  readonly files: ReadonlyMap<string, string>;
  /** What its rules were worked out for. */
  readonly servicePorts: ReadonlyMap<Family, readonly ServicePort[]>;
  /** The rule that stands at a place of one of them. */
  ruleAt(range: SourceRange): string | undefined;
}

const saves: Readonly<Record<Family, string>> = { 4: 'iptables-save.txt', 6: 'ip6tables-save.txt' };

/**
 * A node with kube-proxy's rules as objects and configuration ask for them, and those of others as the
 * dumps have them. Of iptables and nftables mode; in ipvs mode the kernel holds what no text here does.
 *
 * @param families that the node has addresses of
 * @param name stands before the names of its files where places are told: two texts of one name mix
 */
export function* expectedNode(
  node: NodeState,
  input: ExpectedInput,
  parser: LineParser,
  families: readonly Family[] = [4],
  name = 'expected',
): Work<ExpectedNode> {
  const { mode } = input.settings;
  const files = new Map<string, string>();
  const servicePorts = new Map<Family, readonly ServicePort[]>();
  const listings: string[] = [];
  for (const family of families) {
    const expected = yield* expectedRules(input, family);
    if (expected) servicePorts.set(family, expected.servicePorts);
    const saved = yield* savedTextBeside(node, family, mode === 'iptables' ? expected : undefined);
    if (saved.trim() !== '') files.set(saves[family], saved);
    if (mode === 'nftables' && expected) listings.push(nftText(expected));
  }
  if (mode === 'nftables') files.set(listing, listings.join(''));
  const rulesets = [...files].flatMap(([file, text]) =>
    file === listing ? [] : rulesetsOfText(`${name}/${file}`, text, parser),
  );
  yield;
  const { nftables: _, ...rest } = node;
  const state: NodeState = {
    ...rest,
    rulesets: rulesets.map((ruleset) => ({ ...ruleset, whole: true })),
    sysctls: sysctlsOf(node, input),
    ...(mode === 'nftables' && { nftables: nftRuleset(`${name}/${listing}`, files.get(listing)!) }),
  };
  return {
    state,
    files,
    servicePorts,
    ruleAt({ source, line }) {
      const text = files.get(source.slice(name.length + 1));
      return text === undefined ? undefined : textLines(text).line(line).trim();
    },
  };
}

const listing = 'nft-list-ruleset.txt';

/** Only iptables mode lets packets to 127.0.0.0/8 leave the node. */
function sysctlsOf({ sysctls }: NodeState, input: ExpectedInput): NodeState['sysctls'] {
  const value = setsRouteLocalnet(input) ? '1' : '0';
  return new Map([...(sysctls ?? []), ['net.ipv4.conf.all.route_localnet', value]]);
}
