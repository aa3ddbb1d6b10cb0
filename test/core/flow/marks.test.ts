import assert from 'node:assert/strict';
import { drawPacketGraph } from '../../../src/core/flow/packetGraph';
import { parsePacket } from '../../../src/core/packetText';
import { finish } from '../../../src/core/work';
import { edited, rules, type Edit } from '../findings/cases/case';
import { routed } from '../findings/cases/small';
import { node } from '../trace/helper';
import { nodeOf } from './sampleNode';

function graphOf(rules: string) {
  const request = parsePacket('10.244.1.7:40000 > 8.8.8.8:80/tcp in cni0')!;
  return finish(drawPacketGraph(node({ rules }), request)).graph;
}

suite('what a chain does to marks', () => {
  const badges = (...rules: readonly string[]) => {
    const { nodes } = graphOf(
      `*mangle\n:PREROUTING ACCEPT [0:0]\n${rules.map((rule) => `-A PREROUTING ${rule}\n`).join('')}`,
    );
    const marks = nodes.find(({ label }) => label === 'PREROUTING')?.marks ?? [];
    return marks.map(({ action, bits }) => `${action} 0x${bits.toString(16)}`);
  };
  const set = (value: string) => `-j MARK --set-xmark ${value}`;

  test('bits that it sets, and those that it takes away', () => {
    assert.deepEqual(badges(set('0x4000/0x4000')), ['set 0x4000']);
    assert.deepEqual(badges(set('0x3/0xff'), set('0x6/0xff')), ['set 0x3', 'set 0x4', 'clear 0x1']);
    assert.deepEqual(badges(set('0x80000000/0x80000000')), ['set 0x80000000']);
    assert.deepEqual(badges(set('0x1/0x1'), set('0x0/0x1')), ['set 0x1', 'clear 0x1']);
    assert.deepEqual(badges(set('0x0/0x4000')), []);
  });

  test('what a chain that only marks does is its caller’s word; of another it is its own', () => {
    const jump = (...rules: readonly string[]) => {
      const { nodes } = graphOf(
        `*mangle\n:PREROUTING ACCEPT [0:0]\n:B - [0:0]\n-A PREROUTING -j B\n${rules.map((rule) => `-A B ${rule}\n`).join('')}`,
      );
      return nodes
        .filter(({ kind }) => kind === 'hook' || kind === 'chain')
        .map(({ label, marks }) => `${label} ${marks.length}`);
    };
    assert.deepEqual(jump(set('0x1/0x1')), ['PREROUTING 1']);
    assert.deepEqual(jump(set('0x1/0x1'), '-p tcp -j ACCEPT'), ['PREROUTING 0', 'B 1']);
  });

  test('bits that it asks for, each once', () => {
    const asks = `-m mark --mark 0x0/0x10 ${set('0x1/0x1')}`;
    assert.deepEqual(badges(asks, asks), ['test 0x10', 'set 0x1']);
  });
});

suite('what becomes of the source', () => {
  const graphOfNodePort = async (edits: readonly Edit[]) => {
    const files = edited(routed, edits);
    const { node: state } = await nodeOf(new Map(Object.entries(files)));
    const request = parsePacket('192.0.2.1:40000 > 192.168.77.10:30089/tcp in eth0')!;
    const { nodes } = finish(drawPacketGraph(state, request)).graph;
    return { exit: nodes.find(({ id }) => id.startsWith('source ')), files };
  };

  test('the rule that rewrites it is the place of what leaves', async () => {
    const { exit, files } = await graphOfNodePort([
      [rules, /^-A KUBE-NODEPORTS/m, '-A KUBE-NODEPORTS -j KUBE-MARK-MASQ\n$&'],
    ]);
    assert.deepEqual([exit?.label, exit?.detail], ['Source → 10.244.0.1', 'leaves by cni0']);
    assert.match(exit?.reason ?? '', /^MASQUERADE .* by nat KUBE-POSTROUTING rule 3$/);
    const lines = exit!.ranges.map(({ line }) => files[rules]!.split('\n')[line]);
    assert.deepEqual(lines, ['-A KUBE-POSTROUTING -j MASQUERADE --random-fully']);
  });

  test('where no rule does, the endpoint sees the client', async () => {
    const { exit } = await graphOfNodePort([]);
    assert.deepEqual([exit?.id, exit?.ranges], ['source kept', []]);
  });
});
