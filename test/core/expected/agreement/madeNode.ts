import { indexObjects } from '../../../../src/core/objects/objectIndex';
import type { NodeState } from '../../../../src/core/node';
import { configValueOf } from '../../../../src/core/proxyconfig/flags';
import { finish } from '../../../../src/core/work';
import { expectedNode } from '../../../../src/syntax/expected/expectedNode';
import { rulesetsOfText } from '../../../../src/syntax/iptables/ruleset/ruleset';
import { nftRuleset } from '../../../../src/syntax/nft/ruleset/ruleset';
import { testParser } from '../../../syntax/parser';
import { inputOf, type Cluster, type Mode } from '../byHand';

const kubernetes = {
  kind: 'Service',
  metadata: { namespace: 'default', name: 'kubernetes' },
  spec: {
    clusterIP: '10.96.0.1',
    clusterIPs: ['10.96.0.1'],
    ports: [{ name: 'https', port: 443 }],
  },
};

/** Both families, as addresses of the node. */
const ipAddr = `1: lo: <UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
2: eth0: <UP> mtu 1500
    inet 192.0.2.1/24 scope global eth0
    inet6 2001:db8::1/64 scope global
`;

/** node-a as kube-proxy 1.36 leaves it, and the objects that it did it by. */
export interface MadeNode {
  readonly state: NodeState;
  readonly objects: ReturnType<typeof indexObjects>;
}

/**
 * @param change of the text of its rules, by the file's name
 */
export async function madeNode(
  cluster: Cluster,
  mode: Mode,
  change: (text: string, file: string) => string = (text) => text,
): Promise<MadeNode> {
  const all = { ipAddr, ...cluster, objects: [kubernetes, ...(cluster.objects ?? [])] };
  const input = inputOf(all, mode);
  const bare: NodeState = {
    name: 'node-a',
    rulesets: [],
    interfaces: input.node.interfaces!,
    proxyConfig: configValueOf({ mode, clusterCIDR: '10.244.0.0/16', ...cluster.config }),
    proxyLog: { version: 'v1.36.2' },
    findings: [],
  };
  const parser = await testParser();
  const { state, files } = finish(expectedNode(bare, input, parser, [4, 6]));
  const read = [...files].map(([file, text]) => [file, change(text, file)] as const);
  const rulesets = read.flatMap(([file, text]) =>
    file.endsWith('tables-save.txt')
      ? rulesetsOfText(file, text, parser).map((ruleset) => ({ ...ruleset, whole: true }))
      : [],
  );
  const listing = read.find(([file]) => file === 'nft-list-ruleset.txt');
  const nftables = listing && { nftables: nftRuleset(...listing) };
  return { state: { ...state, rulesets, ...nftables }, objects: indexObjects(input.objects) };
}
