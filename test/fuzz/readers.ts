import { groupPackets } from '../../src/core/packetTrace/group';
import { finish } from '../../src/core/work';
import { dumpKinds } from '../../src/syntax/dumps/kinds';
import { hostOf } from '../../src/syntax/node/hostOf';
import { outputsOf } from '../../src/syntax/dumps/outputs';
import { dumpKind } from '../../src/syntax/dumps/recognize';
import { rulesetsOfText } from '../../src/syntax/iptables/ruleset/ruleset';
import { proxyConfigsIn } from '../../src/syntax/kubeproxy/configs';
import { parseLines } from '../../src/syntax/lines';
import { nftJsonRuleset } from '../../src/syntax/nft/json/ruleset';
import { nftRuleset } from '../../src/syntax/nft/ruleset/ruleset';
import { parseObjects } from '../../src/syntax/objects/objects';
import { parsePacketTrace } from '../../src/syntax/packetTrace/read';
import { pastedText } from '../../src/syntax/pasted/pasted';
import { objectReader } from '../../src/syntax/yaml/objects';
import * as yaml from '../../src/syntax/yaml/parse';
import { markdown } from '../../src/cluster/bundle/split';
import { withoutSecrets } from '../../src/cluster/secrets/secrets';
import { testParser } from '../syntax/parser';

/** Reads a text of any kind; what it throws is a fault. */
export interface Reader {
  readonly name: string;
  read(text: string): unknown;
}

/** Rules are decoded one by one, when asked for; so many of a chain are. */
const rulesOfChain = 50;

interface Chains {
  readonly tables: Iterable<{ readonly chains: ReadonlyMap<string, ReadChain> }>;
}

interface ReadChain {
  readonly length: number;
  rule(i: number): unknown;
}

function readRules({ tables }: Chains): void {
  for (const { chains } of tables) {
    for (const chain of chains.values()) {
      for (let i = 0; i < Math.min(chain.length, rulesOfChain); i++) chain.rule(i);
    }
  }
}

/** Everything that reads texts from outside, with each kind of the table of kinds. */
export function allReaders(): readonly Reader[] {
  const kinds = dumpKinds.flatMap(({ id, read }): Reader[] =>
    read ? [{ name: id, read: async (text) => parseLines(text, await read({ source: 'x' })) }] : [],
  );
  return [
    ...kinds,
    {
      name: 'rules of iptables',
      read: async (text) => {
        for (const { tables } of rulesetsOfText('x', text, await testParser())) {
          readRules({ tables: tables.values() });
        }
      },
    },
    {
      name: 'rules of nft',
      read: (text) => {
        readRules(nftRuleset('x', text));
      },
    },
    {
      name: 'rules of nft -j',
      read: (text) => {
        readRules(nftJsonRuleset('x', text));
      },
    },
    { name: 'packet trace', read: (text) => groupPackets(parsePacketTrace(text, 'x').value) },
    { name: 'YAML', read: (text) => yaml.parseYaml(text) },
    { name: 'objects', read: (text) => parseObjects(text, 'x', () => Promise.resolve()) },
    {
      name: 'configuration',
      read: (text) => {
        const objects = finish(objectReader(yaml, ['KubeProxyConfiguration', 'ConfigMap'])(text));
        return proxyConfigsIn(objects, text, yaml.parseYaml);
      },
    },
    { name: 'several outputs', read: (text) => outputsOf(text) },
    { name: 'kind of a dump', read: (text) => dumpKind('x', text.slice(0, 4096)) },
    { name: 'host of a dump', read: (text) => hostOf(text) },
    { name: 'kind by name', read: (text) => dumpKind(text, '') },
    { name: 'pasted text', read: (text) => pastedText(text) },
    { name: 'report in Markdown', read: (text) => markdown(text) },
    { name: 'secrets', read: (text) => withoutSecrets(text) },
  ];
}
