import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { NodeState } from '../../../src/core/node';
import { groupPackets } from '../../../src/core/packetTrace/group';
import { layPacket } from '../../../src/core/packetTrace/lay';
import type { LaidPacket } from '../../../src/core/packetTrace/laid';
import { laidText } from '../../../src/core/packetTrace/text';
import { watchCommands } from '../../../src/core/packetTrace/watch';
import { parseIpAddress } from '../../../src/syntax/ip/address';
import { parseIpRoute } from '../../../src/syntax/ip/route';
import { rulesetsOfText } from '../../../src/syntax/iptables/ruleset/ruleset';
import { parsePacketTrace } from '../../../src/syntax/packetTrace/read';
import { testParser } from '../../syntax/parser';
import { legacyLog, packet } from './legacyLog';

const folder = 'samples/kubernetes-1.36-iptables/node-a';
const read = (name: string): string => readFileSync(`${folder}/${name}`, 'utf8');
const save = read('iptables-save.txt');

async function node(rules = save): Promise<NodeState> {
  return {
    name: 'node-a',
    rulesets: rulesetsOfText('iptables-save.txt', rules, await testParser()),
    interfaces: parseIpAddress(read('ip-addr.txt'), 'ip-addr.txt').value,
    routes: parseIpRoute(read('ip-route.txt'), 'ip-route.txt').value,
    findings: [],
  };
}

function lay(own: NodeState, text: string, dump = save): readonly LaidPacket[] {
  const rows = dump.split('\n');
  return groupPackets(parsePacketTrace(text, 'trace').value).map((one) =>
    layPacket(own, one, ({ line }) => rows[line]),
  );
}

const differing = ([laid]: readonly LaidPacket[]): string[] =>
  laid!.steps.flatMap(({ differs, line }) =>
    differs === undefined ? [] : [`${line.chain}: ${differs}`],
  );

suite('a kernel trace laid on the rules', () => {
  test("a legacy log of the dump's own rules: each line has its rule, none differs", async () => {
    const own = await node();
    const laid = lay(own, legacyLog(own, packet));
    assert.equal(laid.length, 1);
    assert.deepEqual(differing(laid), []);
    const service = laid[0]!.steps.find(({ chain }) => chain?.name === 'KUBE-SERVICES')!;
    assert.equal(service.certainty, 'sure');
    assert.match(save.split('\n')[service.rule!.range.line]!, /-d 10\.99\.205\.136\/32/);
    assert.ok(service.passedOthers > 0);
    assert.match(
      laid[0]!.notes.join(),
      /destination 10\.99\.205\.136:3000 became 10\.244\.\S+ \(DNAT\)/,
    );
  });

  test('laid on the dump of another time it says where, and the likely cause', async () => {
    const log = legacyLog(await node(), packet);
    const older = save.replace(/^-A KUBE-SERVICES .*\n/m, '');
    const found = differing(lay(await node(older), log, older));
    assert.match(found[0] ?? '', /^KUBE-SERVICES: .*another time, another backend or another node/);
  });

  test('a rule that the kernel went past although it matches', async () => {
    // The first rule of nat's KUBE-SERVICES; filter has a chain of that name too.
    const more = save.replace(
      /^(-A KUBE-SERVICES (?=.* -j KUBE-SVC-))/m,
      '-A KUBE-SERVICES -s 10.244.0.9/32 -j ACCEPT\n$1',
    );
    const shifted = legacyLog(await node(), packet).replace(
      /nat:KUBE-SERVICES:rule:(\d+)/g,
      (_, number: string) => `nat:KUBE-SERVICES:rule:${Number(number) + 1}`,
    );
    const found = differing(lay(await node(more), shifted, more));
    assert.match(found[0] ?? '', /the kernel went past rule 1, which by the dump matches/);
  });

  test('xtables-monitor names no number: the rule is found by its text, or by comment and target', async () => {
    const own = await node();
    const rule = /^-A KUBE-SERVICES -d 10\.99\.205\.136\/32 .*$/m.exec(save)![0];
    const line = (text: string) =>
      `PACKET: 2 0427ffe5 IN=cni0 SRC=10.244.0.9 DST=10.99.205.136 LEN=60 TOS=0x0 TTL=64 ID=45471DF SPORT=47644 DPORT=3000 SYN
 TRACE: 2 0427ffe5 nat:KUBE-SERVICES:rule:0x4aaa:JUMP:X  -4 -t nat ${text}`;
    const [sure] = lay(own, line(rule))[0]!.steps;
    assert.deepEqual([sure?.certainty, sure?.why], ['sure', 'by its text']);
    const [likely] = lay(own, line(rule.replace(/ --dport \d+/, '')))[0]!.steps;
    assert.equal(likely?.certainty, 'likely');
    assert.match(likely!.why, /printed without the port, as iptables before 1\.8\.8/);
    assert.equal(likely?.rule?.number, sure?.rule?.number);
  });

  test('the end of a chain with another number of rules differs', async () => {
    const own = await node();
    const text = legacyLog(own, packet).replace(/FORWARD:policy:(\d+)/, 'FORWARD:policy:99');
    assert.match(differing(lay(own, text)).join(), /the kernel's chain had 98 rules/);
  });

  test('as text: rules that did not match with the reason, what differs marked', async () => {
    const own = await node();
    const text = laidText(lay(own, legacyLog(own, packet))[0]!).join('\n');
    assert.match(
      text,
      /nat KUBE-SERVICES rule \d+ \[sure: rule \d+ of the chain\] {2}\(iptables-save\.txt:\d+\)/,
    );
    assert.match(text, /more rules, for other packets/);
    assert.match(text, /steps laid on rules, none differs from the dump/);
  });
});

suite('which rules to add to see a packet', () => {
  test('each set of commands takes its rules away again', () => {
    for (const { lines } of watchCommands(packet)) {
      assert.match(lines.join('\n'), / -D PREROUTING | delete table /);
    }
    const [first] = watchCommands({ ...packet, inInterface: undefined });
    assert.equal(
      first!.lines[0],
      'iptables -t raw -I OUTPUT -s 10.244.0.9 -d 10.99.205.136 -p tcp --dport 3000 -j TRACE',
    );
  });
});
