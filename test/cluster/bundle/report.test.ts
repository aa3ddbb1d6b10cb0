import assert from 'node:assert/strict';
import { reportOf } from '../../../src/cluster/bundle/report';
import type { DumpFile } from '../../../src/cluster/snapshot/folder';

const held = (path: string, text: string): DumpFile => ({
  name: path.slice(path.lastIndexOf('/') + 1).replace(/\.gz$/, ''),
  path,
  held: Buffer.from(text),
});

suite('what a full answer needs besides', () => {
  const rules = '*nat\n:KUBE-SERVICES - [0:0]\nCOMMIT\n';
  const foreign = '*nat\n:DOCKER - [0:0]\nCOMMIT\n';
  const everything = {
    'iptables-save.txt': rules,
    'ipset-save.txt': 'create A hash:ip family inet\n',
    'ipvsadm-Ln.txt': 'IP Virtual Server version 1.2.1 (size=4096)\n',
    'ip-addr.txt': '1: lo: <UP> mtu 65536\n',
    'ip-route.txt': 'default via 10.0.0.1 dev eth0\n',
  };
  const services = held('objects/services.yaml', 'kind: ServiceList\n');
  const slices = held('objects/endpointslices.yaml', 'kind: EndpointSliceList\n');

  async function missing(files: Record<string, string>, objects: DumpFile[] = [services, slices]) {
    const nodes = new Map([['a', Object.entries(files).map(([name, text]) => held(name, text))]]);
    return reportOf({ manifest: undefined, objects, nodes }, undefined, []);
  }

  const without = (name: keyof typeof everything) => {
    const { [name]: _, ...rest } = everything;
    return rest;
  };
  const cases: [string, Record<string, string>, string[]][] = [
    ['nothing where all is there: rules of kube-proxy prove that nft holds none', everything, []],
    ['rules', without('iptables-save.txt'), ['IPv4 rules', 'nftables']],
    [
      'no rules where nft has them',
      { ...without('iptables-save.txt'), 'nft-list-ruleset.txt': 'table ip kube-proxy {\n}\n' },
      [],
    ],
    [
      'nft where the rules are of others',
      { ...everything, 'iptables-save.txt': foreign },
      ['nftables'],
    ],
    ['sets', without('ipset-save.txt'), ['sets']],
    ['addresses', without('ip-addr.txt'), ['addresses']],
  ];
  for (const [name, files, expected] of cases) {
    test(name, async () => assert.deepEqual((await missing(files)).missing, expected));
  }

  test('objects: Services and endpoints both, whichever file and kind they stand in', async () => {
    const lacks = async (...objects: DumpFile[]) =>
      (await missing(everything, objects)).missing.length > 0;
    assert.equal(await lacks(services), true);
    assert.equal(
      await lacks(services, held('objects/endpoints.yaml', 'kind: EndpointsList\n')),
      false,
    );
    assert.equal(
      await lacks(
        held('objects/all.yaml', 'kind: List\nitems:\n- kind: Service\n- kind: Endpoints\n'),
      ),
      false,
    );
    assert.equal(
      await lacks(
        held('objects/all.json', '{"items": [{"kind": "Service"}, {"kind": "EndpointSlice"}]}'),
      ),
      false,
    );
    assert.equal(await lacks(held('objects/all.yaml', 'kind: List\nitems:\n- kind: Pod\n')), true);
    // A table of kubectl get lacks too much.
    assert.equal(
      await lacks(
        held(
          'objects/services.txt',
          'NAMESPACE   NAME   TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE\nshop   web   ClusterIP   10.96.0.1   <none>   80/TCP   1d\n',
        ),
        slices,
      ),
      true,
    );
  });

  test('the command to send asks for what is missing, and for nothing else', async () => {
    const none = await missing(everything);
    assert.deepEqual([none.ask, none.missing], [undefined, []]);
    const { ask } = await missing(without('ipset-save.txt'));
    assert.match(ask!, /; ipset save >\$n\/ipset-save\.txt; tar czf \$d\.tgz \$d$/);
    assert.doesNotMatch(ask!, /ip addr|iptables-save/);
  });
});
