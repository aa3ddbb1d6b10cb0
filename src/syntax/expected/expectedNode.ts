import type { Family } from '../../core/address';
import { expectedRules } from '../../core/expected';
import { savedTextBeside } from '../../core/expected/beside';
import { dummyAddresses, ipsetText, ipvsadmText } from '../../core/expected/ipvs/text';
import type { ExpectedInput } from '../../core/expected/input';
import { setsRouteLocalnet } from '../../core/expected/nodePorts';
import type { ExpectedRuleset } from '../../core/expected/rules';
import type { ServicePort } from '../../core/expected/servicePorts';
import { nftText } from '../../core/expected/text';
import type { NodeState } from '../../core/node';
import type { SourceRange } from '../../core/source';
import type { Work } from '../../core/work';
import { ipsetSaveParser } from '../ipset/save';
import { ipvsSaveParser } from '../ipvs/save';
import { parseLines } from '../lines';
import { rulesetsOfText } from '../iptables/ruleset/ruleset';
import { nftRuleset } from '../nft/ruleset/ruleset';
import { textLines } from '../textLines';
import type { LineParser } from '../treeSitter';
import { withDummyDevice, withoutDummyDevice } from './dummyDevice';

/** A node as it would be, with the texts that its rules are read from. */
export interface ExpectedNode {
  readonly state: NodeState;
  /** By the name of a file beside dumps: `iptables-save.txt`, `nft-list-ruleset.txt`. */
  readonly files: ReadonlyMap<string, string>;
  /** In ipvs mode those that kube-ipvs0 would hold, of the families worked out. */
  readonly dummyAddresses: readonly string[] | undefined;
  /** What its rules were worked out for. */
  readonly servicePorts: ReadonlyMap<Family, readonly ServicePort[]>;
  /** The rule that stands at a place of one of them. */
  ruleAt(range: SourceRange): string | undefined;
}

const saves: Readonly<Record<Family, string>> = { 4: 'iptables-save.txt', 6: 'ip6tables-save.txt' };

/**
 * A node with kube-proxy's rules as objects and configuration ask for them, and those of others as the
 * dumps have them; in ipvs mode with its sets, virtual servers and the addresses of kube-ipvs0, in
 * another mode without that device.
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
  const all: ExpectedRuleset[] = [];
  for (const family of families) {
    const expected = yield* expectedRules(input, family);
    if (expected) {
      servicePorts.set(family, expected.servicePorts);
      all.push(expected);
      listings.push(nftText(expected));
    }
    const saved = yield* savedTextBeside(node, family, expected);
    if (saved.trim() !== '') files.set(saves[family], saved);
  }
  if (mode === 'nftables') files.set(listing, listings.join(''));
  const rulesets = [...files].flatMap(([file, text]) =>
    file === listing ? [] : rulesetsOfText(`${name}/${file}`, text, parser),
  );
  yield;
  const { nftables: _, ipvs: __, ipvsConnections: ___, ...rest } = node;
  const dummy = mode === 'ipvs' ? dummyAddresses(all) : undefined;
  if (dummy) {
    files.set(setsFile, ipsetText(all, node.sets?.values()));
    files.set(serversFile, ipvsadmText(all));
  }
  const state: NodeState = {
    ...rest,
    ...(dummy
      ? {
          sets: parseLines(files.get(setsFile)!, ipsetSaveParser(`${name}/${setsFile}`)).value,
          ipvs: parseLines(files.get(serversFile)!, ipvsSaveParser(`${name}/${serversFile}`)).value,
          ...withDummyDevice(node, dummy, families, name),
        }
      : withoutDummyDevice(node)),
    rulesets: rulesets.map((ruleset) => ({ ...ruleset, whole: true })),
    sysctls: sysctlsOf(node, input),
    sysctlPlaces: undefined,
    ...(mode === 'nftables' && { nftables: nftRuleset(`${name}/${listing}`, files.get(listing)!) }),
  };
  return {
    state,
    files,
    dummyAddresses: dummy,
    servicePorts,
    ruleAt({ source, line }) {
      const text = files.get(source.slice(name.length + 1));
      return text === undefined ? undefined : textLines(text).line(line).trim();
    },
  };
}

const listing = 'nft-list-ruleset.txt';
const setsFile = 'ipset-save.txt';
const serversFile = 'ipvsadm-Sn.txt';

/** Only iptables mode lets packets to 127.0.0.0/8 leave the node; ipvs mode has IPVS use conntrack. */
function sysctlsOf({ sysctls }: NodeState, input: ExpectedInput): NodeState['sysctls'] {
  const value = setsRouteLocalnet(input) ? '1' : '0';
  const own: [string, string][] = [['net.ipv4.conf.all.route_localnet', value]];
  if (input.settings.mode === 'ipvs') own.push(['net.ipv4.vs.conntrack', '1']);
  return new Map([...(sysctls ?? []), ...own]);
}
