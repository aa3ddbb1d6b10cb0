import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import { addressOf, headerOf, type SentWays } from '../../../../src/core/flow/words/header';
import type { ServiceEntryKind, ServiceView } from '../../../../src/core/service';

const range = { source: 'x', line: 0, start: 0, end: 0 };

function service(
  entries: readonly (readonly [ServiceEntryKind, string | undefined, number])[],
  protocol = 6,
): ServiceView {
  return {
    servicePort: undefined,
    title: 'shop/web',
    protocol,
    mode: 'iptables',
    entries: entries.map(([kind, address, port]) => ({
      kind,
      ...(address !== undefined && { address: parseAddress(address)! }),
      port,
      range,
    })),
    *readEndpoints() {
      return [];
    },
    chains: [],
    range,
  };
}

suite('where a Service is reached first', () => {
  test('at its ClusterIP, wherever that stands among its entries', () => {
    const ways = [
      ['external-ip', '203.0.113.1', 81],
      ['cluster-ip', '10.96.0.10', 53],
      ['node-port', undefined, 30053],
    ] as const;
    assert.equal(addressOf(service(ways, 17)), '10.96.0.10:53/UDP');
    assert.equal(addressOf(service([ways[0], ways[2]])), '203.0.113.1:81/TCP');
  });

  test('at a port of the node, or nowhere that is known', () => {
    assert.equal(addressOf(service([['node-port', undefined, 30053]], 132)), 'port 30053/SCTP');
    assert.equal(addressOf(service([])), 'port ?/TCP');
    assert.equal(addressOf(service([['cluster-ip', 'fd00::1', 80]])), '[fd00::1]:80/TCP');
  });
});

suite('what a Service port does, in one sentence', () => {
  const web = service([['cluster-ip', '10.96.0.10', 80]]);
  const endpoints = (...shares: (number | undefined)[]) =>
    shares.map((share, i) => ({
      address: parseAddress(`10.244.0.${i + 1}`)!,
      port: 80,
      share,
      range,
    }));
  const told = (...shares: (number | undefined)[]) =>
    headerOf(web, [], { node: 'node-a', endpoints: endpoints(...shares) }).replace(
      /.*node-a: /,
      '',
    );

  test('where, what, in which mode, on which node', () => {
    assert.equal(
      headerOf(web, [], { node: 'node-a', endpoints: [], captured: '12 s ago' }),
      '10.96.0.10:80/TCP shop/web, iptables mode, node-a: no endpoints; last capture 12 s ago',
    );
  });

  test('its endpoints with the share of each, where all have the same', () => {
    assert.equal(told(1), '1 endpoint at 100 %');
    assert.equal(told(1 / 3, 1 / 3, 1 / 3 + 1e-9), '3 endpoints at 33.3 %');
    assert.equal(told(0.25, 0.75), '2 endpoints at different shares');
    assert.equal(told(undefined, undefined), '2 endpoints');
    assert.equal(told(0.5, undefined), '2 endpoints at different shares');
    const sticky = { ...web, affinity: 10800 };
    assert.equal(
      headerOf(sticky, [], { node: 'n', endpoints: endpoints(1) }).replace(/.*n: /, ''),
      '1 endpoint at 100 %, each client stays for 10800 s',
    );
  });

  const sent = (
    client: SentWays['sender']['client'],
    kind: ServiceEntryKind,
    ...ways: readonly object[]
  ) => ({ sender: { client, entry: { kind } }, ways }) as unknown as SentWays;
  const to = (kind: string, node: string, more: object = {}) => ({
    way: { verdict: { kind, ...more }, frames: [] },
    visits: [{ node: { kind: node } }],
  });
  const kept = to('ACCEPT', 'endpoint');
  const sources = (...asked: readonly SentWays[]) =>
    headerOf(web, asked, { node: 'n', endpoints: [] }).replace(/.*no endpoints(; )?/, '');

  test('what becomes of pods at the ClusterIP, and of clients outside', () => {
    assert.equal(sources(sent('pods', 'cluster-ip', kept)), 'pods keep their source');
    assert.equal(
      sources(sent('pods', 'cluster-ip', kept), sent('outside', 'node-port', to('DROP', 'drop'))),
      'pods keep their source, outside clients are refused',
    );
    // Pods of other nodes come by a NodePort: no source of theirs is told.
    assert.equal(sources(sent('pods', 'node-port', kept), sent('node', 'cluster-ip', kept)), '');
    assert.equal(sources(sent('pods', 'virtual', kept)), 'pods keep their source');
    assert.equal(
      sources(sent('barred', 'load-balancer-ip', kept)),
      'outside clients keep their source',
    );
  });

  test('by what they see, each once', () => {
    const sees = (what: string) => to('REJECT', 'reject', { client: { sees: what } });
    const of = (...ways: readonly object[]) => sources(sent('outside', 'node-port', ...ways));
    assert.equal(of(sees('refused')), 'outside clients are refused');
    assert.equal(of(sees('silence')), 'outside clients get no answer');
    assert.equal(of(sees('unreachable')), 'outside clients are told that it is unreachable');
    assert.equal(of(to('UNKNOWN', 'unknown')), 'outside clients meet something that is not known');
    assert.equal(of(to('ACCEPT', 'stray')), 'outside clients reach no endpoint');
    assert.equal(
      of(kept, kept, sees('silence')),
      'outside clients keep their source or get no answer',
    );
  });
});
