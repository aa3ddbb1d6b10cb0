import assert from 'node:assert/strict';
import { parseServiceId, serviceId, serviceName } from '../../../src/core/kubeproxy/serviceId';
import type { ServiceView } from '../../../src/core/service';

const view = (title: string, protocol = 6, more: Partial<ServiceView> = {}) =>
  ({ title, protocol, ...more }) as ServiceView;

suite('ids of Service ports', () => {
  test('a title with the protocol behind it; that of a virtual server has it already', () => {
    assert.equal(serviceId(view('kube-system/kube-dns:dns', 17)), 'kube-system/kube-dns:dns/UDP');
    assert.equal(serviceId(view('10.96.0.1:443/tcp')), '10.96.0.1:443/tcp');
    assert.equal(serviceId(view('10.96.0.1:443/tcp', 17)), '10.96.0.1:443/tcp/UDP');
  });

  test('the Service of a port: by its name, by its title, else the title', () => {
    const servicePort = { namespace: 'a', name: 'b', port: 'http' };
    assert.equal(serviceName(view('x/y:z', 6, { servicePort })), 'a/b');
    assert.equal(serviceName(view('x/y:z')), 'x/y');
    assert.equal(serviceName(view('x/y')), 'x/y');
    assert.equal(serviceName(view('shop/web:http')), 'shop/web');
    assert.equal(serviceName(view('shop/web')), 'shop/web');
    assert.equal(serviceName(view('shop/web:')), 'shop/web');
    assert.equal(serviceName(view('KUBE-SVC-AAAA')), 'KUBE-SVC-AAAA');
    assert.equal(serviceName(view('[fd00::1]:443/tcp')), '[fd00::1]:443/tcp');
    assert.equal(serviceName(view('shop/web:http/tcp')), 'shop/web:http/tcp');
    assert.equal(serviceName(view('10.96.0.1:443/tcp')), '10.96.0.1:443/tcp');
  });

  test('what stands in an id', () => {
    assert.deepEqual(parseServiceId('kube-system/kube-dns:dns/UDP'), {
      base: 'kube-system/kube-dns:dns/UDP',
      family: undefined,
      servicePort: { namespace: 'kube-system', name: 'kube-dns', port: 'dns' },
      protocol: 'UDP',
    });
    const web = { namespace: 'default', name: 'web', port: '' };
    for (const [more, family] of [
      ['IPv4', 4],
      ['IPv6', 6],
      ['iptables mode', undefined],
    ] as const) {
      const parts = parseServiceId(`default/web/TCP ${more}`);
      assert.deepEqual(parts, {
        base: 'default/web/TCP',
        family,
        servicePort: web,
        protocol: 'TCP',
      });
    }
  });

  test('the address of a virtual server names no Service', () => {
    const { base, servicePort, protocol } = parseServiceId('10.96.0.1:443/tcp');
    assert.deepEqual([base, servicePort, protocol], ['10.96.0.1:443/tcp', undefined, 'TCP']);
    // A line's end is in no id.
    assert.equal(parseServiceId('a\nb').base, 'a\nb');
  });
});
