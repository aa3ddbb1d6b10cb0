import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { textsIn } from '../../dumps';
import { findingsOf } from './checkText';

const root = 'test/fixtures/proxyconfig';

/** Dumps of clusters with a fault: each with the codes of its errors and warnings. */
const faulty: Readonly<Record<string, readonly string[]>> = {
  'iptables-mode-both-legacy-then-nft': ['rules-in-both-backends'],
  'k8s-1.36-mixed-leftovers': ['rules-of-two-modes'],
};

/** Information that a real dump gives: the finding's real dump. */
const notes: Readonly<Record<string, readonly string[]>> = {
  'iptables-no-cluster-cidr': ['outside-not-masqueraded'],
  'iptables-masquerade-all': ['masquerade-all'],
  'ipvs-no-cluster-cidr': ['outside-not-masqueraded', 'ipvs-mode-ends'],
  'ipvs-mode': [
    'virtual-server-without-real-server',
    'localhost-open-to-neighbours',
    'host-ports-on-service-addresses',
  ],
  'kubernetes-1.20-iptables': ['no-local-endpoint'],
  'kubernetes-1.36-iptables': ['no-local-endpoint'],
  'k8s-1.36-ipvs-to-iptables-leftovers': ['leftovers-of-another-mode'],
  'k8s-1.36-iptables-to-ipvs-leftovers': ['leftovers-of-another-mode'],
};

suite('findings in the real dumps', () => {
  const folders = [
    ...readdirSync(root).map((name) => [name, `${root}/${name}`] as const),
    ...readdirSync('samples')
      .filter((name) => name !== 'README.md')
      .map((name) => [name, `samples/${name}`] as const),
  ];
  for (const [name, folder] of folders) {
    test(`${name}: ${faulty[name]?.join(', ') ?? 'no error and no warning'}`, async () => {
      const node = `${folder}/node-a`;
      const dumps = readdirSync(node).map((file): [string, string] => [
        file,
        readFileSync(`${node}/${file}`, 'utf8'),
      ]);
      const objects = readdirSync(folder).includes('objects') ? `${folder}/objects` : undefined;
      const yaml = objects
        ? readdirSync(objects).map((file) => readFileSync(`${objects}/${file}`, 'utf8'))
        : [];
      // The Service objects of these variants are not among the fixtures.
      const withObjects = yaml.some((text) => text.includes('kind: Service\n'));
      const found = await findingsOf({
        ...Object.fromEntries(dumps),
        ...(withObjects ? { 'objects.yaml': yaml.join('\n---\n') } : {}),
      });
      const bad = found.filter(({ severity }) => severity !== 'information');
      assert.deepEqual(
        [...new Set(bad.map(({ code }) => code))],
        faulty[name] ?? [],
        bad.map(({ message }) => message).join('\n'),
      );
      for (const code of notes[name] ?? []) {
        assert.ok(
          found.some((one) => one.code === code),
          code,
        );
      }
    });
  }

  test('a table of Services, which shows a part of each, accuses nobody', async () => {
    const node = 'samples/kubernetes-1.20-iptables/node-a';
    const found = await findingsOf({
      ...Object.fromEntries(textsIn(node)),
      'objects.yaml': `NAMESPACE   NAME         TYPE        CLUSTER-IP    EXTERNAL-IP   PORT(S)   AGE
default     kubernetes   ClusterIP   10.96.0.1     <none>        443/TCP   3d
shop        elsewhere    ClusterIP   10.96.99.99   <none>        80/TCP    3d
`,
    });
    const bad = found.filter(({ severity }) => severity !== 'information');
    assert.deepEqual(
      bad.map(({ message }) => message),
      [],
    );
  });
});
