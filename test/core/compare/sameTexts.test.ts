import assert from 'node:assert/strict';
import { programmed } from '../../../src/core/kubeproxy/programmed';
import { haveSameTexts } from '../../../src/core/compare/sameTexts';
import { finish } from '../../../src/core/work';
import { rules, type Edit } from '../findings/cases/case';
import { clusterIpMark, server, smallIpvs } from '../findings/cases/small';
import { read, small } from './small';

suite('the same rules by their texts', () => {
  const port = async (...edits: readonly Edit[]) =>
    finish(programmed(await small('a', ...edits))).ports[0]!;
  const svc = 'KUBE-SVC-DC3OOLRZIWFKJHLB';
  const lastSep = 'KUBE-SEP-AJHR67BPPEH4YV3Z';

  for (const [what, edits, same] of [
    ['nothing differs', [], true],
    ['counters', [[rules, /^-A KUBE-S/gm, '[3:180] $&']], true],
    [
      'a rule of another Service',
      [[rules, /^-A KUBE-SERVICES -m/m, '-A KUBE-SERVICES -d 10.9.9.9/32 -j DROP\n$&']],
      true,
    ],
    [
      'a rule of its chain',
      [[rules, '--probability 0.50000000000', '--probability 0.40000000000']],
      false,
    ],
    ['one rule less', [[rules, /^-A KUBE-SVC-\S+ ! -s .*\n/m, '']], false],
    ['a rule more at the end', [[rules, /^COMMIT\n$(?![^])/m, `-A ${svc} -j RETURN\n$&`]], false],
    [
      'a chain more',
      [
        [
          rules,
          /^(-A KUBE-NODEPORTS .* -j) KUBE-SVC-(.*)/m,
          '$1 KUBE-EXT-$2\n-A KUBE-EXT-$2 -j KUBE-SVC-$2',
        ],
      ],
      false,
    ],
    [
      'a rule of its last endpoint',
      [[rules, 'destination 10.244.0.4:3000', 'destination 10.244.0.4:3001']],
      false,
    ],
    ['the name of its chain', [[rules, new RegExp(svc, 'g'), 'KUBE-SVC-AAAAAAAAAAAAAAAA']], false],
    [
      'its endpoint’s chain is not at hand',
      [[rules, new RegExp(`^(?::|-A )${lastSep} .*\n`, 'gm'), '']],
      false,
    ],
  ] as readonly (readonly [string, readonly Edit[], boolean])[]) {
    test(`${what}: ${same}`, async () => {
      assert.equal(haveSameTexts(await port(), await port(...edits)), same);
      assert.equal(haveSameTexts(await port(...edits), await port()), same);
    });
  }

  test('what no rules hold has no texts', async () => {
    const mark = `-A KUBE-SERVICES ${clusterIpMark}\n`;
    const ipvs = await read('a', smallIpvs(server('10.96.0.2:80', '10.244.0.3:8080'), mark));
    const virtual = finish(programmed(ipvs)).ports[0]!;
    assert.equal(haveSameTexts(virtual, virtual), false);
    assert.equal(haveSameTexts(await port(), virtual), false);
  });
});
