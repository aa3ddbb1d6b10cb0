import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { judgeCase } from '../../../src/inspect/expected';
import type { RecordedCase } from '../../../src/inspect/expected/case';
import { outcomesOfDump } from '../../../src/inspect/expected/dump';

const fixtures = 'test/fixtures/expected';

function read(path: string): RecordedCase {
  return JSON.parse(readFileSync(`${fixtures}/${path}`, 'utf8')) as RecordedCase;
}

suite('expected rules: what the real kube-proxy wrote', () => {
  for (const mode of ['iptables', 'nftables']) {
    for (const file of readdirSync(`${fixtures}/${mode}`)) {
      test(`${mode} ${file}: every rule, in its place, and none besides`, () => {
        const { comparison, rules } = judgeCase(file, read(`${mode}/${file}`));
        assert.deepEqual(comparison.differences, []);
        assert.deepEqual(comparison.absent, []);
        assert.ok(rules > 30);
      });
    }
  }

  for (const sample of ['1.20-iptables', '1.36-iptables', '1.36-ipvs']) {
    test(`the nodes of samples/kubernetes-${sample}`, async () => {
      const outcomes = await outcomesOfDump(`samples/kubernetes-${sample}`);
      assert.ok(outcomes.length > 0);
      for (const { name, comparison } of outcomes) {
        assert.deepEqual([name, comparison.differences], [name, []]);
        assert.deepEqual([name, comparison.absent], [name, []]);
      }
    });
  }
});

suite('expected rules: what differs is found', () => {
  const whole = read('iptables/kp136-01000.json');
  const changed = (change: (text: string) => string) => {
    const { comparison } = judgeCase('changed', {
      ...whole,
      ruleset_in: change(whole.ruleset_in ?? ''),
    });
    return comparison.differences.map(({ kind, chain, expected, actual }) => ({
      kind,
      chain,
      text: expected?.text ?? actual?.text,
    }));
  };
  const line = /^-A KUBE-SVC-TAO3BN6FUCXSB4M2 .*--probability 0\.5.*\n/m;

  test('a rule that is gone', () => {
    const [only, ...others] = changed((text) => text.replace(line, ''));
    assert.equal(only?.kind, 'missing');
    assert.equal(only?.chain, 'KUBE-SVC-TAO3BN6FUCXSB4M2');
    assert.deepEqual(others, []);
  });

  test('a rule too many, and a rule of the kernel’s chains that is none of kube-proxy’s', () => {
    const own = '-A KUBE-NODEPORTS -p tcp -m tcp --dport 30999 -j ACCEPT\n';
    const foreign = '-A INPUT -s 192.0.2.1/32 -j DROP\n';
    const found = changed((text) => text.replace(/^-A KUBE-NODEPORTS/m, `${own}${foreign}$&`));
    assert.deepEqual(found, [
      { kind: 'stale', chain: 'KUBE-NODEPORTS', text: '-p tcp -m tcp --dport 30999 -j ACCEPT' },
    ]);
  });

  test('rules in another order', () => {
    const found = changed((text) => {
      const rule = line.exec(text)?.[0] ?? '';
      return text.replace(line, '').replace(/^-A KUBE-SVC-TAO3BN6FUCXSB4M2/m, `${rule}$&`);
    });
    assert.ok(found.length > 0);
    assert.deepEqual([...new Set(found.map(({ kind }) => kind))], ['order']);
  });

  test('Service ports may stand in any order, the way to the node ports only last', () => {
    const swap = (text: string, tail: RegExp) => {
      const rule = tail.exec(text)?.[0] ?? '';
      return text.replace(rule, '').replace(/^-A KUBE-SERVICES .*cluster IP/m, `${rule}$&`);
    };
    const service = /^-A KUBE-SERVICES .*"default\/ingress cluster IP".*\n/m;
    const tail = /^-A KUBE-SERVICES .*-j KUBE-NODEPORTS\n/m;
    assert.deepEqual(
      changed((text) => swap(text, service)),
      [],
    );
    assert.ok(changed((text) => swap(text, tail)).length > 0);
  });

  test('an endpoint that the objects have no more', () => {
    const slices = structuredClone(whole.objects['endpointslices'] ?? []) as {
      metadata: { name: string };
      endpoints: { addresses: string[] }[];
    }[];
    const mail = slices.find(({ metadata }) => metadata.name === 'mail-ipv4-0');
    mail!.endpoints = mail!.endpoints.filter(({ addresses }) => addresses[0] !== '10.244.9.9');
    const { comparison } = judgeCase('gone', {
      ...whole,
      objects: { ...whole.objects, endpointslices: slices },
    });
    const stale = comparison.differences.filter(({ kind }) => kind === 'stale');
    assert.ok(stale.some(({ actual }) => actual?.text.includes('default/mail -> 10.244.9.9:9376')));
    assert.deepEqual(
      comparison.leftovers.map(({ chain }) => chain),
      ['KUBE-SEP-UDFVBZGETJ7LXS3Y'],
    );
  });
});
