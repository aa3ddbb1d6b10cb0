import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import { withNodeRequest } from '../../../src/cluster/live/nodeRequest';

type Replaced = typeof https & { __vscodeOriginal?: object };

suite('requests in the extension host', () => {
  const { request } = https;
  const replaced = () => undefined;

  setup(() => {
    // As VS Code does it.
    (https as Replaced).__vscodeOriginal = { ...https };
    https.request = replaced as unknown as typeof request;
  });
  teardown(() => {
    https.request = request;
    delete (https as Replaced).__vscodeOriginal;
  });

  for (const [name, options] of [
    ['a CA', { agent: new https.Agent(), ca: 'x' }],
    ['no verification', { agent: new https.Agent(), rejectUnauthorized: false }],
    ['a proxy', { agent: new (class extends https.Agent {})() }],
  ] as const) {
    test(`${name} of the kubeconfig: Node's own, for this call alone`, () => {
      assert.equal(
        withNodeRequest(options, () => https.request),
        request,
      );
      assert.equal(https.request, replaced);
      assert.throws(() =>
        withNodeRequest(options, () => {
          throw new Error('x');
        }),
      );
      assert.equal(https.request, replaced);
    });
  }

  test('with none of them VS Code decides, and adds the CAs of the system', () => {
    for (const agent of [new https.Agent(), new http.Agent()]) {
      assert.equal(
        withNodeRequest({ agent }, () => https.request),
        replaced,
      );
    }
  });
});
