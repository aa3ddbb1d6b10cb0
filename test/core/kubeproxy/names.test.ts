import { hostPort } from '../../../src/core/address';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  endpointHashes,
  formatServicePortName,
  nameHash,
  nftChainName,
  nftChainNameHolds,
  servicePortHashes,
  servicePortNamesIn,
  splitChainName,
} from '../../../src/core/kubeproxy/names';

const servicePort = (text: string) => servicePortNamesIn(text)[0]!;

suite('kube-proxy names', () => {
  // From dumps of Kubernetes 1.20 and 1.36, and published ones of releases before 1.16.
  test('hashes of Service ports', () => {
    assert.equal(servicePortHashes(servicePort('shop/dual:http'), 'tcp')[0], '5AUKUY7Z5GJV36WO');
    assert.equal(
      servicePortHashes(servicePort('default/kubernetes:https'), 'tcp')[0],
      'NPX46M4PTMTKRN6Y',
    );
    assert.deepEqual(servicePortHashes(servicePort('default/whoami'), 'tcp'), [
      'DC3OOLRZIWFKJHLB',
      'OQCLJJ5GLLNFY3XB',
    ]);
    assert.equal(
      servicePortHashes(servicePort('kube-system/kube-dns:dns'), 'udp')[0],
      'TCOU7JCQXEZGVUNU',
    );
  });

  test('a hash is of the whole text, as long as Kubernetes allows names to be, and longer', () => {
    // base32 of the first 80 bits of SHA-256, by the machine's own library.
    const expected = (text: string) => {
      const bits = Array.from(createHash('sha256').update(text).digest().subarray(0, 10), (byte) =>
        byte.toString(2).padStart(8, '0'),
      ).join('');
      return bits.replace(
        /.{5}/g,
        (five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[parseInt(five, 2)]!,
      );
    };
    for (const length of [0, 1, 55, 56, 64, 341, 342, 431, 1023, 1024, 1025, 5000]) {
      for (const letter of ['x', 'é', '界']) {
        const text = letter.repeat(length);
        assert.equal(nameHash(text), expected(text), `${length} of ${letter}`);
      }
    }
  });

  test('hashes of endpoints, in both families', () => {
    const hash = (name: string, protocol: string, address: string, port: number) =>
      endpointHashes(servicePort(name), protocol, hostPort(address, port));
    assert.deepEqual(hash('kube-system/kube-dns:dns', 'udp', '10.244.1.4', 53), [
      '222YD7DQOUNKFRLL',
    ]);
    assert.deepEqual(hash('shop/dual:http', 'tcp', 'fd00:10:244:1::14', 8130), [
      '7WUMDQ4Y4MR7OCVB',
    ]);
    assert.equal(hash('default/whoami', 'tcp', '10.11.32.6', 3000)[1], 'VN72UHNM6XOXLRPW');
  });

  test('names of nftables mode', () => {
    const whoami = servicePort('default/whoami');
    assert.equal(nftChainName('service', whoami, 'tcp'), 'service-LX3JQ64U-default/whoami/tcp/');
    assert.equal(
      nftChainName('affinity', servicePort('kube-system/metrics:extra'), 'tcp', {
        address: 'fd00:42:0:1::5',
        port: 9376,
      }),
      'affinity-EPAKQTKP-kube-system/metrics/tcp/extra__fd00.42.0.1..5/9376',
    );
    assert.ok(nftChainNameHolds('endpoint-4SIB47QV-shop/cart/tcp/grpc__10.244.0.10/9000'));
    assert.ok(!nftChainNameHolds('endpoint-4SIB47QV-shop/cart/tcp/grpc__10.244.0.11/9000'));
    const long = nftChainName('service', { ...whoami, name: 'x'.repeat(300) }, 'tcp');
    assert.equal(long.length, 'service-'.length + 240);
    assert.ok(long.endsWith('xxx...'));
  });

  test('finds names in every comment that kube-proxy writes', () => {
    const found = (text: string) => servicePortNamesIn(text).map(formatServicePortName);
    assert.deepEqual(found('default/whoami cluster IP'), ['default/whoami']);
    assert.deepEqual(found('default/whoami: cluster IP'), ['default/whoami']);
    assert.deepEqual(found('default/whoami -> 10.244.0.3:3000'), ['default/whoami']);
    assert.deepEqual(found('masquerade LOCAL traffic for shop/edge:http external destinations'), [
      'shop/edge:http',
    ]);
    assert.deepEqual(found('Balancing rule 0 for shop/edge:http'), ['shop/edge:http']);
    assert.deepEqual(found('kubernetes service portals'), []);
    assert.deepEqual(found('see https://example.com/a/b and 10.0.0.0/8'), []);
  });

  test('splits only names that are hashes', () => {
    assert.deepEqual(splitChainName('KUBE-SVC-OQCLJJ5GLLNFY3XB'), {
      prefix: 'KUBE-SVC-',
      hash: 'OQCLJJ5GLLNFY3XB',
    });
    assert.equal(splitChainName('KUBE-SVC-oqcljj5gllnfy3xb'), undefined);
    assert.equal(splitChainName('KUBE-SERVICES'), undefined);
    assert.equal(splitChainName('KUBE-POD-FW-OQCLJJ5GLLNFY3XB'), undefined);
  });
});
