import assert from 'node:assert/strict';
import { oddOnes, traitsOf } from '../../../src/core/compare/majority';
import { programmed } from '../../../src/core/kubeproxy/programmed';
import { finish } from '../../../src/core/work';
import { edited, rules, type Edit } from '../findings/cases/case';
import { clusterIpMark, routed, server, smallIpvs } from '../findings/cases/small';
import type { Files } from '../findings/checkText';
import { copies, read } from './small';

async function traits(name: string, files: Files) {
  return finish(traitsOf(name, finish(programmed(await read(name, files)))));
}

/** What is told of nodes a, b, ... */
async function odd(...nodes: readonly Files[]) {
  const all = await Promise.all(
    nodes.map((files, i) => traits(String.fromCharCode(97 + i), files)),
  );
  return finish(oddOnes(all));
}

const messages = async (...nodes: readonly Files[]) =>
  (await odd(...nodes)).map(({ message }) => message);

const clusterIp = 'default/whoami at 10.99.205.136:3000/tcp';
const both = '10.244.0.3:3000 and 10.244.0.4:3000';
const change = (...edits: readonly Edit[]) => edited(routed, edits);
const moved = change([rules, /10\.244\.0\.3/g, '10.244.0.9']);
const unnamed = change([rules, /^-A KUBE-SERVICES -d .*\n/m, '']);

suite('the odd one out of small nodes', () => {
  test('all alike: none', async () => {
    assert.deepEqual(await messages(routed, routed, routed), []);
  });

  test('other endpoints, wherever the odd one stands', async () => {
    const of = (name: string) =>
      `${clusterIp}: ${name} has 10.244.0.4:3000 and 10.244.0.9:3000, 2 others have ${both}.`;
    assert.deepEqual(await messages(moved, routed, routed), [of('a')]);
    assert.deepEqual(await messages(routed, moved, routed), [of('b')]);
    assert.deepEqual(await messages(routed, routed, moved), [of('c')]);
  });

  test('where it is: on the odd node, and where that has no rule, on a usual one', async () => {
    const [found] = await odd(routed, routed, moved);
    const line = (files: Files, at: number) => files[rules]!.split('\n')[at];
    assert.match(line(moved, found!.range!.line)!, /^-A KUBE-SERVICES -d 10\.99\.205\.136/);
    const [lacking] = await odd(unnamed, routed, routed);
    assert.match(line(routed, lacking!.range!.line)!, /^-A KUBE-SERVICES -d 10\.99\.205\.136/);
  });

  test('two that do alike are one line', async () => {
    assert.deepEqual(await messages(routed, moved, routed, moved, routed), [
      `${clusterIp}: b and d have 10.244.0.4:3000 and 10.244.0.9:3000, 3 others have ${both}.`,
    ]);
    assert.deepEqual((await odd(routed, moved, routed, moved, routed))[0]!.nodes, ['b', 'd']);
  });

  test('no majority, nobody is odd', async () => {
    assert.deepEqual(await messages(routed, moved), []);
    assert.deepEqual(await messages(routed, moved, routed, moved), []);
    const third = change([rules, /10\.244\.0\.3/g, '10.244.0.8']);
    assert.deepEqual(await messages(routed, moved, third), []);
  });

  test('a node that shows no Service lacks none', async () => {
    const empty = change(
      [rules, /^(?::|-A )KUBE-(?:SVC|SEP|NODEPORTS).*\n/gm, ''],
      [rules, /^-A KUBE-SERVICES .*\n/gm, ''],
    );
    assert.deepEqual(await messages(empty, routed, routed, routed), []);
  });

  test('a way in that one lacks, with the Service’s names', async () => {
    const found = await odd(routed, unnamed, routed);
    assert.deepEqual(
      found.map(({ message, about }) => [message, about]),
      [
        [
          `${clusterIp}: b has no rule, 2 others have ${both}.`,
          ['default/whoami', 'default/whoami'],
        ],
      ],
    );
    const noNodePort = change([rules, /^-A KUBE-NODEPORTS .*\n/m, '']);
    assert.deepEqual(await messages(routed, noNodePort, routed), [
      'default/whoami at NodePort 30089/tcp: b has no rule, 2 others have rules.',
    ]);
  });

  test('no endpoint, and how long a client is kept', async () => {
    const none = change([rules, /^-A KUBE-SVC-\S+ (?:-m|-j) .*\n/gm, '']);
    assert.deepEqual(await messages(routed, none, routed), [
      `${clusterIp}: b has no endpoint, 2 others have ${both}.`,
    ]);
    const sticky = change([
      rules,
      /^-A KUBE-SVC-\S+ -m statistic/m,
      '-A KUBE-SVC-DC3OOLRZIWFKJHLB -m recent --name KUBE-SEP-U6DOR6RBN2GGPJH6 --mask 255.255.255.255 --rsource --rcheck --seconds 77 --reap -j KUBE-SEP-U6DOR6RBN2GGPJH6\n$&',
    ]);
    assert.ok(
      (await messages(sticky, routed, routed)).includes(
        `${clusterIp}: a has ${both}, with affinity for 77 s, 2 others have ${both}.`,
      ),
    );
  });

  test('of more than eight endpoints four are named', async () => {
    const chain = (n: number) => `KUBE-SEP-AAAAAAAAAAAAAAA${String.fromCharCode(65 + n)}`;
    const to = (n: number) =>
      `-A KUBE-SVC-DC3OOLRZIWFKJHLB -m statistic --mode random --probability 0.1 -j ${chain(n)}\n` +
      `-A ${chain(n)} -p tcp -m comment --comment "default/whoami" -m tcp -j DNAT --to-destination 10.244.9.${n}:3000\n`;
    const more = (count: number) =>
      change([
        rules,
        /^-A KUBE-SVC-\S+ -j/m,
        `${Array.from({ length: count }, (_, n) => to(n)).join('')}$&`,
      ]);
    assert.match(
      (await messages(more(7), routed, routed))[0]!,
      /a has 9 endpoints \(10\.244\.0\.3:3000, 10\.244\.0\.4:3000, 10\.244\.9\.0:3000, 10\.244\.9\.1:3000, \.\.\.\), 2/,
    );
    assert.match(
      (await messages(more(6), routed, routed))[0]!,
      /a has 10\.244\.0\.3:3000, .* and 10\.244\.9\.5:3000, 2/,
    );
  });

  test('fifty are told', async () => {
    const many = change(copies(13));
    const renamed = { ...many, [rules]: many[rules]!.replaceAll('10.244.0.3', '10.244.0.9') };
    assert.equal((await odd(many, many, renamed)).length, 14);
    const nodes = (files: Files, count: number) => Array.from({ length: count }, () => files);
    const each = Array.from({ length: 4 }, (_, i) => ({
      ...many,
      [rules]: many[rules]!.replaceAll('10.244.0.3', `10.244.0.${i + 10}`),
    }));
    assert.equal((await odd(...nodes(many, 5), ...each)).length, 50);
  });
});

suite('the odd one out of modes', () => {
  const marked = `-A KUBE-SERVICES ${clusterIpMark}\n`;
  const ipvs = smallIpvs(server('10.99.205.136:3000', '10.244.0.3:3000'), marked);

  test('the mode that most are in; who does not tell it is not odd', async () => {
    assert.ok(
      (await messages(routed, routed, ipvs)).includes(
        "kube-proxy's mode: c has ipvs, 2 others have iptables.",
      ),
    );
    const untold = { 'ip-rule.txt': routed['ip-rule.txt']! };
    assert.deepEqual(await messages(routed, routed, untold), []);
    const found = await odd(routed, routed, ipvs);
    const mode = found.find(({ message }) => message.startsWith("kube-proxy's"))!;
    assert.deepEqual(mode.about, []);
    assert.notEqual(mode.range, undefined);
  });
});
