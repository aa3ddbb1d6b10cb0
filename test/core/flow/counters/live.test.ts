import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { finish } from '../../../../src/core/work';
import { chainsOf } from '../../../../src/core/flow/counters/edgeRates';
import { countedTables, liveRates } from '../../../../src/core/flow/counters/live';
import { withLiveRates, withRateHeat } from '../../../../src/core/flow/counters/liveHeat';
import { packetGraph } from '../../../../src/core/flow/packetGraph';
import { serviceGraph } from '../../../../src/core/flow/serviceGraph';
import { readRuleCounters, ruleText } from '../../../../src/syntax/iptables/ruleset/ruleCounters';
import { nftRuleText, readNftCounters } from '../../../../src/syntax/nft/ruleset/ruleCounters';
import { textLines } from '../../../../src/syntax/textLines';
import { parsePacket } from '../../../../src/core/packetText';
import { nodeOf, sampleNode } from '../sampleNode';

const dump = [
  '*nat',
  ':PREROUTING ACCEPT [0:0]',
  ':OUTPUT ACCEPT [0:0]',
  ':KUBE-SERVICES - [0:0]',
  ':KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]',
  ':KUBE-SEP-AAAAAAAAAAAAAAAA - [0:0]',
  '-A PREROUTING -j KUBE-SERVICES',
  '-A OUTPUT -j KUBE-SERVICES',
  '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "default/kubernetes:https cluster IP" -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y',
  '-A KUBE-SVC-NPX46M4PTMTKRN6Y -m comment --comment "default/kubernetes:https" -j KUBE-SEP-AAAAAAAAAAAAAAAA',
  '-A KUBE-SEP-AAAAAAAAAAAAAAAA -p tcp -m comment --comment "default/kubernetes:https" -m tcp -j DNAT --to-destination 192.168.77.10:6443',
  'COMMIT',
  '',
].join('\n');

suite('rates of counters that are read every few seconds', () => {
  test('each edge by the rules that count just what passes there, however the dump was saved', async () => {
    const { node, found: serviceOf } = await nodeOf(new Map([['iptables-save.txt', dump]]));
    const { graph, rules } = serviceGraph(node, serviceOf('default/kubernetes:https'));
    assert.equal(graph.counters, 'none');
    const tables = [...countedTables(graph, rules).values()].map((names) => [...names]);
    assert.deepEqual(tables, [['nat']]);

    const at = (captured: string, packets: number) => {
      const text = dump.replace(/^-A /gm, `[${packets}:${packets * 60}] -A `);
      const { chains } = finish(readRuleCounters(textLines(text), chainsOf(rules)));
      return { captured, chains };
    };
    const lines = textLines(dump);
    const rates = (earlier: number, later: number, end = '2026-11-21T10:00:04.500') =>
      liveRates(graph, rules, [at('2026-11-21T10:00:00.000', earlier), at(end, later)], (range) =>
        ruleText(lines.line(range.line)),
      );
    const found = rates(100, 109);
    const jump = 'nat KUBE-SERVICES -> nat KUBE-SVC-NPX46M4PTMTKRN6Y';
    const edge = graph.edges.find(({ from, to }) => `${from} -> ${to}` === jump);
    assert.ok(edge, graph.edges.map(({ id }) => id).join('\n'));
    assert.deepEqual(found[edge.id], { perSecond: 2 });
    assert.match(JSON.stringify(rates(9, 3)[edge.id]), /reset/);
    assert.match(JSON.stringify(rates(1, 2, '2026-11-21T10:00:00.000')[edge.id]), /same second/);

    const drawn = withRateHeat(withLiveRates(graph, found));
    assert.deepEqual(drawn.edges.find(({ id }) => id === edge.id)?.heat, { level: 4, text: '2/s' });
    const silent = withRateHeat(withLiveRates(graph, rates(5, 5)));
    assert.deepEqual(silent.edges.find(({ id }) => id === edge.id)?.heat, {
      level: 0,
      text: '0/s',
    });
    assert.ok(drawn.edges.every((one) => one.heat === undefined || one.id in found));
  });

  test('an edge of which one rule is of another dump has no rate: the rest would be too small', async () => {
    const folder = 'kubernetes-1.36-iptables/node-a';
    const { node, found } = await sampleNode(folder, (name) => name !== 'iptables-save.txt');
    const { graph, rules } = serviceGraph(node, found('shop/sticky:http'));
    // Session affinity: by -m recent, or by chance.
    const edge = graph.edges.find(({ to }) => to === 'endpoint 10.244.0.51:8150')!;
    assert.equal(edge.ranges.length, 2);
    const lines = textLines(readFileSync(`samples/${folder}/iptables-save-c.txt`, 'utf8'));
    const { chains } = finish(readRuleCounters(lines, chainsOf(rules)));
    const at = (second: number) => ({ captured: `2026-11-21T10:00:0${second}`, chains });
    const rates = (unread?: number) =>
      liveRates(graph, rules, [at(0), at(3)], ({ line }) =>
        line === unread ? undefined : ruleText(lines.line(line)),
      );
    assert.deepEqual(rates()[edge.id], { perSecond: 0 });
    for (const { line } of edge.ranges) assert.equal(rates(line)[edge.id], undefined);
  });

  test('of nft: only where a counter stands in the rule, told apart by family', async () => {
    const listing = (packets: number, six = packets) =>
      ['ip', 'ip6']
        .flatMap((family) => {
          const counted = family === 'ip' ? packets : six;
          return [
            `table ${family} web { # handle 3`,
            '\tchain prerouting { # handle 1',
            '\t\ttype nat hook prerouting priority dstnat; policy accept;',
            `\t\ttcp dport 80 log prefix "counter packets 9 bytes 9" counter packets ${counted} bytes 300 jump pods # handle 4`,
            '\t}',
            '',
            '\tchain pods { # handle 2',
            `\t\tdnat to ${family === 'ip' ? '10.244.1.5' : '[fd00::5]'}:8080 # handle 5`,
            '\t}',
            '}',
          ];
        })
        .join('\n');
    const drawn = `${listing(7)}\n`;
    const { node } = await nodeOf(new Map([['nft-list-ruleset.txt', drawn]]));
    const { graph, rules } = packetGraph(
      node,
      parsePacket('10.244.0.9 > 10.0.0.9:80/tcp in eth0')!,
    );
    const tables = [...countedTables(graph, rules).values()].map((names) => [...names]);
    assert.deepEqual(tables, [['ip web']]);
    const at = (second: number, text: string) => ({
      captured: `2026-11-30T10:00:0${second}.000`,
      chains: finish(readNftCounters(textLines(text), chainsOf(rules))).chains,
    });
    const lines = textLines(drawn);
    // Live is asked for without handles, and one table alone.
    const later = listing(13, 999).replace(/ # handle \d+/g, '');
    const rates = liveRates(graph, rules, [at(0, drawn), at(3, later)], ({ line }) =>
      nftRuleText(lines.line(line)),
    );
    assert.deepEqual(rates, { 'web prerouting > web pods': { perSecond: 2 } });
  });

  suite('of nft with named counters', () => {
    const listing = (packets: number, other = '') =>
      [
        'table ip web {',
        '\tcounter to-web {',
        '\t\tcomment "packets 1 bytes 2"',
        `\t\tpackets ${packets} bytes 300`,
        '\t}',
        '',
        '\tchain prerouting {',
        '\t\ttype nat hook prerouting priority dstnat; policy accept;',
        '\t\ttcp dport 80 log prefix "counter name x" counter name "to-web" jump pods',
        '\t}',
        '',
        '\tchain pods {',
        '\t\tdnat to 10.244.1.5:8080',
        '\t}',
        '',
        '\tchain other {',
        ...(other ? [`\t\t${other}`] : []),
        '\t}',
        '}',
        '',
      ].join('\n');

    async function ratesOf(other?: string) {
      const drawn = listing(7, other);
      const { node } = await nodeOf(new Map([['nft-list-ruleset.txt', drawn]]));
      const { graph, rules } = packetGraph(
        node,
        parsePacket('10.244.0.9 > 10.0.0.9:80/tcp in eth0')!,
      );
      const at = (second: number, text: string) => ({
        captured: `2026-11-21T10:00:0${second}.000`,
        chains: finish(readNftCounters(textLines(text), chainsOf(rules))).chains,
      });
      const lines = textLines(drawn);
      const rates = liveRates(graph, rules, [at(0, drawn), at(3, listing(13, other))], ({ line }) =>
        nftRuleText(lines.line(line)),
      );
      return { graph, rates };
    }

    test('what one rule alone counts into is that rule\u2019s, in the graph and Live', async () => {
      const { graph, rates } = await ratesOf();
      assert.equal(graph.counters, 'counted');
      const edge = graph.edges.find(({ id }) => id in rates);
      assert.equal(edge?.counters?.packets, 7);
      assert.deepEqual(rates, { [edge.id]: { perSecond: 2 } });
    });

    for (const [what, other] of [
      ['another rule, too,', 'tcp dport 81 counter name "to-web" accept'],
      ['a map, too,', 'counter name tcp dport map { 81 : "to-web" }'],
    ] as const) {
      test(`what ${what} counts into is no rule\u2019s alone`, async () => {
        const { graph, rates } = await ratesOf(other);
        assert.equal(graph.counters, 'none');
        assert.deepEqual(rates, {});
      });
    }
  });
});
