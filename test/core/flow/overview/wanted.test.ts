import assert from 'node:assert/strict';
import { wantedPort } from '../../../../src/core/flow/overview/wanted';
import { service } from '../../objects/madeService';

const objects = (...clusterIPs: string[]) => ({
  service: (namespace: string, name: string) =>
    namespace === 'shop' && name === 'web' ? service({ clusterIPs }) : undefined,
});

suite('the family in which a Service port is compared on all nodes', () => {
  const family = (of: 4 | 6, ...clusterIPs: string[]) =>
    wantedPort('shop/web:http/TCP', of, objects(...clusterIPs)).family;

  test('that of the dump, where the Service has an address of it', () => {
    assert.equal(family(4, '10.96.0.5', 'fd00::5'), 4);
    assert.equal(family(6, '10.96.0.5', 'fd00::5'), 6);
    assert.equal(family(4, '10.96.0.5'), 4);
  });

  test('its own, where it has one of the other family alone', () => {
    assert.equal(family(4, 'fd00::5'), 6);
    assert.equal(family(6, '10.96.0.5'), 4);
  });

  test('that of the dump, where no object tells', () => {
    assert.equal(family(6), 6);
    assert.equal(family(6, 'None'), 6);
    assert.equal(wantedPort('shop/other/TCP', 6, objects('10.96.0.5')).family, 6);
    assert.equal(wantedPort('shop/web/TCP', 6).family, 6);
  });

  test('of a virtual server without a name that of its address', () => {
    assert.equal(wantedPort('[fd00::5]:80/TCP', 4).family, 6);
    assert.equal(wantedPort('10.96.0.5:80/TCP', 4).family, 4);
  });

  test('keeps the name of the port', () => {
    assert.equal(wantedPort('shop/web:http/TCP', 4).id, 'shop/web:http/TCP');
  });
});
