import assert from 'node:assert/strict';
import * as l10n from '@vscode/l10n';
import { lacksEveryPort, noEndpointOf, type Serving } from '../../../src/core/objects/noEndpoint';
import { noEndpointText } from '../../../src/core/objects/noEndpointText';
import type { ServiceObject } from '../../../src/core/objects/types';

function service(targetPort: string | number, selector: Record<string, string> = { app: 'web' }) {
  const port = { name: 'http', protocol: 'TCP', port: 80, targetPort };
  return { spec: { ports: [port], selector } } as unknown as ServiceObject;
}

const ports = [{ name: 'http', protocol: 'TCP', port: 8080 }];
const ready = { ready: true };

suite('why a Service port has no endpoint', () => {
  const cases: readonly (readonly [
    string,
    ServiceObject,
    readonly Serving[],
    string | undefined,
  ])[] = [
    ['one that is ready', service('http'), [{ ports, endpoints: [ready] }], undefined],
    [
      'one that terminates and serves, when no other is left',
      service('http'),
      [{ ports, endpoints: [{ ready: false, serving: true, terminating: true }] }],
      undefined,
    ],
    ['no slice', service('http'), [], 'its selector matches no Pod'],
    [
      'a slice without addresses',
      service('http'),
      [{ ports, endpoints: [] }],
      'its selector matches no Pod',
    ],
    [
      'no selector',
      service('http', {}),
      [],
      'it has no selector and no EndpointSlice with addresses',
    ],
    [
      'ports: null',
      service('htttp'),
      [{ ports: [], endpoints: [ready, ready] }],
      'no endpoint has a port named htttp (its targetPort)',
    ],
    [
      'another port of the same name and protocol UDP',
      service(8080),
      [{ ports: [{ name: 'http', protocol: 'UDP', port: 8080 }], endpoints: [ready] }],
      'no endpoint has the port http',
    ],
    [
      'the only one is not ready',
      service('http'),
      [{ ports, endpoints: [{ ready: false }] }],
      'its only endpoint is not ready',
    ],
    [
      'another name, the same protocol',
      service(8080),
      [{ ports: [{ name: 'https', protocol: 'TCP', port: 8080 }], endpoints: [ready] }],
      'no endpoint has the port http',
    ],
    [
      // discovery/v1/types.go: nil is "all ports", which kube-proxy programs none of.
      'a port without a number',
      service(8080),
      [{ ports: [{ name: 'http', protocol: 'TCP' }], endpoints: [ready] }],
      'no endpoint has the port http',
    ],
    [
      'one that terminates and serves no more',
      service('http'),
      [{ ports, endpoints: [{ ready: false, serving: false, terminating: true }] }],
      'its only endpoint is not ready',
    ],
    [
      'none is ready',
      service('http'),
      [{ ports, endpoints: [{ ready: false }, { ready: false }] }],
      'none of its 2 endpoints is ready',
    ],
  ];
  for (const [name, object, slices, expected] of cases) {
    test(`${name}: ${expected ?? 'it has'}`, () => {
      const why = noEndpointOf(object, slices, object.spec.ports[0]!);
      assert.equal(why && noEndpointText(why, l10n), expected);
    });
  }

  test('a count misleads only where no port of the Service has addresses', () => {
    assert.ok(lacksEveryPort(service('htttp'), [{ ports: [], endpoints: [ready] }]));
    assert.equal(
      lacksEveryPort(service('http'), [{ ports, endpoints: [{ ready: false }] }]),
      undefined,
    );
    assert.equal(lacksEveryPort(service('http'), []), undefined);
    const two = service('htttp');
    const both = {
      spec: { ...two.spec, ports: [...two.spec.ports, { ...two.spec.ports[0]!, name: 'other' }] },
    };
    const slices = [{ ports: [{ name: 'other', protocol: 'TCP', port: 1 }], endpoints: [ready] }];
    assert.equal(lacksEveryPort(both as unknown as ServiceObject, slices), undefined);
  });
});
