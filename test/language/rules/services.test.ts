import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { markRoles } from '../../../src/core/marks/roles';
import { contextAt, readFacts } from '../../../src/language/rules/dumpFacts';
import { shareHints } from '../../../src/language/rules/hints';
import { knownTokens } from '../../../src/language/rules/knownTokens';
import { serviceLabel, serviceLenses } from '../../../src/language/rules/serviceLenses';
import { openDump } from './dump';
import { finish } from '../../../src/core/work';

const sample = readFileSync('samples/kubernetes-1.36-iptables/node-a/iptables-save.txt', 'utf8');
const lines = sample.split('\n');
const lineOf = (text: string) => lines.findIndex((line) => line.startsWith(text));

async function open(text: string) {
  const dump = openDump(text);
  return { dump, facts: await readFacts(dump, {}, () => Promise.resolve()) };
}

suite('lenses, hints, tokens', () => {
  test('a lens above the first rule of a Service, and above its chain', async () => {
    const { dump, facts } = await open(sample);
    const lenses = serviceLenses(dump, facts);
    const whoami = lenses.filter(({ service }) => service.title === 'default/whoami');
    assert.deepEqual(
      whoami.map(({ line }) => line),
      [lineOf('-A KUBE-SERVICES -d 10.99.205.136/32'), lineOf('-A KUBE-SVC-DC3OOLRZIWFKJHLB')],
    );
    assert.equal(serviceLabel(whoami[0]!.service), 'default/whoami:3000/TCP');
    const dns = lenses.find(({ service }) => service.title === 'kube-system/kube-dns:dns');
    assert.equal(serviceLabel(dns!.service), 'kube-system/kube-dns:53/UDP');
    const orphan = lenses.filter(({ service }) => service.title === 'shop/orphan:http');
    assert.equal(orphan.length, 1);
    assert.deepEqual(finish(orphan[0]!.service.readEndpoints()), []);
  });

  test('hints: a third each, also where no probability stands', async () => {
    const { dump, facts } = await open(sample);
    const first = lineOf('-A KUBE-SVC-DC3OOLRZIWFKJHLB');
    const hints = shareHints(contextAt(dump, first, facts)!, first, first + 3);
    assert.deepEqual(
      hints.map(({ line, text }) => [line - first, text]),
      [
        [1, '= 33.3 %'],
        [2, '= 33.3 %'],
        [3, '= 33.3 %'],
      ],
    );
    const [hint] = hints;
    assert.match(lines[hint!.line]!.slice(0, hint!.column), /--probability 0\.33333333349$/);
  });

  test('hints stay inside the asked lines', async () => {
    const { dump, facts } = await open(sample);
    const line = lineOf('-A KUBE-SVC-DC3OOLRZIWFKJHLB') + 2;
    const hints = shareHints(contextAt(dump, line, facts)!, line, line);
    assert.deepEqual(
      hints.map((hint) => hint.line),
      [line],
    );
  });

  test('tokens: missing chains, kinds, marks with a meaning', () => {
    const text = `*nat
:KUBE-SERVICES - [0:0]
:KUBE-MARK-MASQ - [0:0]
-A KUBE-SERVICES -j KUBE-SVC-AAAAAAAAAAAAAAAA
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x10000/0x10000
-A cali-PREROUTING -m mark --mark 0x4000/0x4000 -j DROP
-A KUBE-SEP-222YD7DQOUNKFRLL -j ACCEPT
COMMIT
`;
    const dump = openDump(text);
    const roles = markRoles(dump.rulesets);
    const told = (line: number) => {
      const written = text.split('\n')[line]!;
      return knownTokens(dump.structure, roles, line, written).map(
        ({ start, end, type, modifiers }) =>
          [written.slice(start, end), type, ...modifiers].join(' '),
      );
    };
    assert.deepEqual(told(0), []);
    assert.deepEqual(told(1), ['KUBE-SERVICES chain portal']);
    assert.deepEqual(told(3), [
      'KUBE-SERVICES chain portal',
      'KUBE-SVC-AAAAAAAAAAAAAAAA chain missing',
    ]);
    // This dump masquerades by bit 16, so bit 14 means nothing here.
    assert.deepEqual(told(4), ['KUBE-MARK-MASQ chain', '0x10000/0x10000 mark masquerade']);
    assert.deepEqual(told(5), ['cali-PREROUTING chain foreign']);
    assert.deepEqual(told(6), ['KUBE-SEP-222YD7DQOUNKFRLL chain endpoint']);
    assert.deepEqual(told(7), []);
  });

  test('a chain is not missing where one chain of many was listed', () => {
    const text = '-N KUBE-SVC-DC3OOLRZIWFKJHLB\n-A KUBE-SVC-DC3OOLRZIWFKJHLB -j KUBE-SEP-X\n';
    const { structure } = openDump(text);
    const tokens = knownTokens(structure, [], 1, text.split('\n')[1]!);
    assert.equal(tokens.length, 2);
    assert.ok(tokens.every(({ modifiers }) => !modifiers.includes('missing')));
  });
});
