import assert from 'node:assert/strict';
import { checkNode } from '../../../src/core/findings/checkNode';
import { drawPacketGraph } from '../../../src/core/flow/packetGraph';
import { parsePacket } from '../../../src/core/packetText';
import { node } from '../trace/helper';

/** How many rules are decoded at most between two pauses of a work, asked of the chain itself. */
function mostBetweenPauses(
  rules: string,
  work: (state: ReturnType<typeof node>) => Iterator<unknown>,
) {
  const state = node({ rules });
  let decoded = 0;
  for (const { tables } of state.rulesets) {
    for (const { chains } of tables.values()) {
      for (const chain of chains.values()) {
        const own = chain.rule.bind(chain);
        chain.rule = (i) => {
          decoded++;
          return own(i);
        };
      }
    }
  }
  let most = 0;
  for (const steps = work(state); steps.next().done !== true;) {
    most = Math.max(most, decoded);
    decoded = 0;
  }
  return Math.max(most, decoded);
}

const firewall = (count: number) =>
  [
    '*filter',
    ':FORWARD ACCEPT [0:0]',
    ...Array.from({ length: count }, (_, i) => `-A FORWARD -p udp --dport ${i + 1} -j DROP`),
  ].join('\n');

suite('chains of a firewall with thousands of rules', () => {
  test('checks pause however long a chain is', () => {
    const work = (state: ReturnType<typeof node>) => checkNode(state);
    const most = mostBetweenPauses(firewall(3000), work);
    assert.ok(most > 0 && most <= 200, `${most} rules between two pauses`);
  });

  test('a trace pauses however long a chain is', () => {
    const request = parsePacket('10.244.1.7:40000 > 8.8.8.8:80/tcp in cni0')!;
    const most = mostBetweenPauses(firewall(3000), (state) => drawPacketGraph(state, request));
    assert.ok(most > 0 && most <= 250, `${most} rules between two pauses`);
  });

  test('a way that thousands of unknowns lead to names some of them', () => {
    const rules = [
      '*filter',
      ':FORWARD ACCEPT [0:0]',
      ...Array.from(
        { length: 50 },
        (_, i) => `-A FORWARD -m recent --rcheck --name r${i} --rsource -j DROP`,
      ),
    ].join('\n');
    const request = parsePacket('10.244.1.7:40000 > 8.8.8.8:80/tcp in cni0')!;
    const work = drawPacketGraph(node({ rules }), request);
    let step = work.next();
    while (!step.done) step = work.next();
    const texts = step.value.graph.entries.flatMap(({ steps }) => steps.map(({ text }) => text));
    assert.ok(texts.some((text) => /; and 40 more$/.test(text)));
    assert.ok(texts.every((text) => text.length < 2000));
  });
});
