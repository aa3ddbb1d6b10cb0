import assert from 'node:assert/strict';
import { servicePortHashes } from '../../../src/core/kubeproxy/names';
import { readDump } from './dump';
import { findServices } from './findServices';

/** The rule of one Service port in KUBE-SERVICES, and the chain whose name is a hash of its own name. */
function service(i: number, comment: string | undefined) {
  const own = { namespace: 'shop', name: `web${i}`, port: '' };
  const chain = `KUBE-SVC-${servicePortHashes(own, 'tcp')[0]}`;
  const says = comment === undefined ? '' : `-m comment --comment "${comment} cluster IP" `;
  return {
    declared: `:${chain} - [0:0]\n`,
    rule: `-A KUBE-SERVICES -d 10.96.0.${i}/32 -p tcp ${says}-m tcp --dport 80 -j ${chain}\n`,
  };
}

/** What is found of Services whose comments were replaced, of right ones, and others. */
function found({ wrong = 0, right = 0, bare = 0, refused = 0 }): Record<string, number> {
  const all = [
    ...Array.from({ length: wrong }, (_, i) => service(i, `word/word${i}`)),
    ...Array.from({ length: right }, (_, i) => service(100 + i, `shop/web${100 + i}`)),
    ...Array.from({ length: bare }, (_, i) => service(200 + i, undefined)),
  ];
  const rejects = Array.from(
    { length: refused },
    (_, i) =>
      `-A KUBE-SERVICES -d 10.97.0.${i}/32 -p tcp -m comment --comment "shop/none${i} has no endpoints" -m tcp --dport 80 -j REJECT\n`,
  );
  const text = [
    '*filter\n:KUBE-SERVICES - [0:0]\n',
    ...rejects,
    'COMMIT\n*nat\n:KUBE-SERVICES - [0:0]\n',
    ...all.map(({ declared }) => declared),
    ...all.map(({ rule }) => rule),
    'COMMIT\n',
  ].join('');
  const { findings, services } = findServices(readDump(text));
  assert.equal(services.length, all.length + refused);
  const counts: Record<string, number> = {};
  for (const { code } of findings) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

suite('comments that do not fit the hashes of their chains', () => {
  const replaced = { 'names-replaced': 1 };
  const each = (count: number) => ({ 'service-name-mismatch': count });
  for (const [what, dump, expected] of [
    ['none', { right: 3, refused: 2 }, {}],
    ['fewer than three are told one by one', { wrong: 2 }, each(2)],
    ['all of three: names were replaced', { wrong: 3 }, replaced],
    ['nine of ten: the same', { wrong: 9, right: 1 }, replaced],
    ['fewer of them: somebody edited those', { wrong: 8, right: 2 }, each(8)],
    [
      'Services without endpoints have no chain that could prove a name',
      { wrong: 3, refused: 10 },
      replaced,
    ],
    ['rules without a comment prove none either', { wrong: 3, bare: 10 }, replaced],
  ] as const) {
    test(what, () => assert.deepEqual(found(dump), expected));
  }
});
