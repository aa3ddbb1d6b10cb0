import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { exec } from '../../../src/cluster/live/exec';
import type { Api } from '../../../src/cluster/live/request';
import type { ExecScript, ExecSession } from '../server/execServer';
import { reason, withServer } from '../server/harness';
import { replay } from '../server/recording';

const pod = { namespace: 'kube-system', name: 'kube-proxy-7xk2p', container: 'kube-proxy' };
const run = (api: Api) =>
  exec(api, { pod, command: ['iptables-save'], timeout: 5000, byteLimit: 1024 });

function withScript(script: ExecScript, body: (api: Api) => Promise<void>): () => Promise<void> {
  return withServer({ exec: () => script }, (_server, api) => body(api));
}

function refuses(code: number, body: string): ExecScript {
  return (session) => session.refuse(code, body, 'text/plain');
}

suite('exec: an API server that no WebSocket reaches', () => {
  const badRequest = JSON.stringify({
    kind: 'Status',
    status: 'Failure',
    message: 'Upgrade request required',
    reason: 'BadRequest',
    code: 400,
  });
  const page = '<html><body>Bad Gateway</body></html>';
  const switching = ({ socket }: ExecSession, head: string) =>
    void socket.end(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n${head}\r\n\r\n`);

  for (const [what, script, why] of [
    ['the headers of the upgrade were taken away', refuses(400, badRequest), /answered 400\./],
    ['a portal answers', refuses(200, '<html>log in</html>'), /answered 200\./],
    ['a gateway answers 426', refuses(426, ''), /answered 426\./],
    ['a gateway answers with a page', refuses(403, page), /answered 403\. .*Bad Gateway/],
    ['a gateway answers 404 with a page', refuses(404, page), /Bad Gateway/],
    ['a gateway has no answer', refuses(504, 'upstream timed out'), /504\. upstream timed out/],
    [
      'the names of the protocols were taken away',
      (session) => {
        const accept = createHash('sha1').update(
          `${session.key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`,
        );
        const hash = accept.digest('base64');
        switching(session, `Upgrade: websocket\r\nSec-WebSocket-Accept: ${hash}`);
      },
      /did not open a WebSocket: Server sent no subprotocol/,
    ],
    [
      'another protocol answers',
      (session) => switching(session, 'Upgrade: SPDY/3.1'),
      /did not open a WebSocket: Invalid Upgrade header/,
    ],
  ] as readonly (readonly [string, ExecScript, RegExp])[]) {
    test(`${what}: the cause, and what to do`, async () => {
      await withScript(script, (api) =>
        assert.rejects(run(api), (error: Error) => {
          assert.match(error.message, why);
          assert.match(error.message, / a proxy or gateway .* SPDY.* open that as a snapshot\./);
          return true;
        }),
      )();
    });
  }

  test('answers of an API server or a kubelet are what they say', async () => {
    for (const [code, body] of [
      [404, 'container not found ("x")'],
      [500, 'unable to upgrade connection: container not found ("x")'],
      [503, 'no endpoints available'],
      [502, '{"kind":"Status","status":"Failure","message":"dial tcp: refused"}'],
    ] as const) {
      await withScript(refuses(code, body), (api) =>
        assert.rejects(run(api), (error: Error) => !/proxy|gateway/.test(error.message)),
      )();
    }
  });

  test('each of the two verbs that is lacking is told with the other', async () => {
    for (const [name, lacks] of [
      ['exec-403-get-only', 'create'],
      ['exec-403-create-only', 'get'],
    ] as const) {
      const told = new RegExp(
        `^Not allowed: ${lacks} on pods/exec .*needs the verbs get and create`,
      );
      await withScript(replay(name), (api) =>
        assert.rejects(run(api), reason('forbidden', told)),
      )();
    }
  });
});
