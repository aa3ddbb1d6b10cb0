import assert from 'node:assert/strict';
import { exec, type ExecRequest } from '../../../src/cluster/live/exec';
import type { ExecResult } from '../../../src/cluster/live/execOutcome';
import type { Api } from '../../../src/cluster/live/request';
import { prints, type ExecScript, type ExecSession } from '../server/execServer';
import { reason, withServer } from '../server/harness';
import { replay } from '../server/recording';

const pod = { namespace: 'kube-system', name: 'kube-proxy-7xk2p', container: 'kube-proxy' };

function run(api: Api, request: Partial<ExecRequest> = {}): Promise<ExecResult> {
  return exec(api, {
    pod,
    command: ['iptables-nft-save', '-c'],
    timeout: 5000,
    byteLimit: 1024 * 1024,
    ...request,
  });
}

/** One exec against a server that plays the script. */
function withScript(
  script: ExecScript,
  body: (api: Api, session: () => ExecSession) => Promise<void>,
): () => Promise<void> {
  return withServer({ exec: () => script }, (server, api) =>
    body(api, () => {
      const [session] = server.execs;
      assert.ok(session);
      return session;
    }),
  );
}

const status = (text: string) => Buffer.concat([Buffer.of(3), Buffer.from(text)]);
const success = status('{"metadata":{},"status":"Success"}');

suite('exec: what a real API server sent', () => {
  for (const [name, expected] of Object.entries({
    'exec-ok': { exitCode: 0, bytes: 53, problem: undefined },
    'cn-v4-ok': { exitCode: 0, problem: undefined },
    'exec-exit1': { exitCode: 1, stderr: 'err\n', problem: 'exit-code' },
    'cn-v4-exit1': { exitCode: 1, problem: 'exit-code' },
    'exec-tool-fails-late': { problem: 'exit-code' },
    'exec-notfound-containerd': { exitCode: undefined, bytes: 0, problem: 'missing-binary' },
    'exec-notfound-abs-path': { bytes: 0, problem: 'missing-binary' },
    'exec-notfound-crio': { exitCode: 255, bytes: 0, problem: 'missing-binary' },
    'exec-notfound-docker': { exitCode: 126, bytes: 0, problem: 'missing-binary' },
    'cn-v4-notfound': { problem: 'missing-binary' },
    'exec-proc-net-ip_vs-missing': { problem: 'exit-code' },
    'exec-binary': { exitCode: 0, bytes: 1024, problem: 'binary' },
    // The kubelet was killed: no status, no close frame, partial output.
    'exec-cut-kubelet-sigkill': { exitCode: undefined, bytes: 110, problem: 'cut' },
    // The container runtime was killed: the API server says Success for partial output.
    'exec-cut-cri': { exitCode: 0, bytes: 110, problem: undefined },
    'exec-kubelet-down-old-kubelet': { problem: 'refused' },
  })) {
    test(
      name,
      withScript(replay(name), async (api) => {
        const result = await run(api);
        for (const [key, value] of Object.entries(expected)) {
          const actual = key === 'problem' ? result.problem?.kind : result[key as keyof ExecResult];
          assert.equal(actual, value, key);
        }
      }),
    );
  }

  for (const [name, expected, text] of [
    ['exec-403-get-only', 'forbidden', /create on pods\/exec in namespace kube-system/],
    ['exec-403-create-only', 'forbidden', /get on pods\/exec in namespace kube-system/],
    ['exec-401', 'credentials', /401/],
    ['exec-unknown-pod', 'not-found', /not found/],
    ['exec-completed-pod', 'server', /500/],
    ['exec-kubelet-down', 'server', /500/],
  ] as const) {
    test(
      `${name}: the refusal's own text`,
      withScript(replay(name), (api) => assert.rejects(run(api), reason(expected, text))),
    );
  }
});

suite('exec: the request', () => {
  test(
    'sends argv as it is, no stdin, and offers v5 and v4',
    withServer({ exec: () => prints('') }, async (server, api) => {
      await run(api, { command: ['nft', 'list', 'a b', '$(x)', 'ü&='] });
      assert.deepEqual(server.execs[0]?.command, ['nft', 'list', 'a b', '$(x)', 'ü&=']);
      assert.equal(server.execs[0]?.container, 'kube-proxy');
      assert.doesNotMatch(server.requests[0] ?? '', /stdin=true|tty=true/);
      assert.equal(
        server.lastHeaders()['sec-websocket-protocol'],
        'v5.channel.k8s.io,v4.channel.k8s.io',
      );
    }),
  );
});

suite('exec: output', () => {
  test(
    'characters split between frames stay whole',
    withScript(
      (session) => {
        session.accept();
        const bytes = Buffer.from('größe €uro 🦊\n');
        for (const byte of bytes) session.stdout(Buffer.of(byte));
        session.succeed();
      },
      async (api) => assert.equal((await run(api)).parts.join(''), 'größe €uro 🦊\n'),
    ),
  );

  test(
    'stderr is kept beside stdout',
    withScript(prints('*nat\n', '# Warning: iptables-legacy tables present\n'), async (api) => {
      const { parts, stderr } = await run(api);
      assert.equal(parts.join(''), '*nat\n');
      assert.equal(stderr, '# Warning: iptables-legacy tables present\n');
    }),
  );

  test(
    'of stderr without end its beginning is kept, and the output is whole',
    withScript(prints('*nat\n', 'x'.repeat(4 * 1024 * 1024)), async (api) => {
      const { parts, stderr, problem } = await run(api);
      assert.deepEqual([parts.join(''), problem], ['*nat\n', undefined]);
      assert.ok(stderr.length <= 256 * 1024, `${stderr.length} characters`);
    }),
  );

  test(
    'a status without end ends the command and the connection',
    withScript(
      (session) => {
        const socket = session.accept();
        for (let i = 0; i < 10; i++) socket.send(status(`{"message":"${'x'.repeat(10_000)}`));
      },
      async (api, session) => {
        assert.equal((await run(api)).problem?.kind, 'no-status');
        await session().ended;
      },
    ),
  );

  test(
    'more than the limit ends the command and the connection',
    withScript(prints(Buffer.alloc(3 * 1024 * 1024, 'x')), async (api, session) => {
      const result = await run(api);
      assert.equal(result.problem?.kind, 'too-large');
      assert.ok(result.bytes <= 1024 * 1024);
      await session().ended;
    }),
  );
});

suite('exec: a server that misbehaves', () => {
  const frames =
    (...sent: Buffer[]): ExecScript =>
    (session) => {
      const socket = session.accept();
      for (const frame of sent) socket.send(frame);
      socket.close(1000);
    };
  const hi = Buffer.from('\x01hi\n');

  for (const [name, script, kind] of [
    ['close 1000 without a status is no success', frames(hi), 'no-status'],
    ['a status that is no JSON', frames(hi, status('exit 1')), 'no-status'],
    ['a status split in two', frames(hi, status('{"status":"Suc'), status('cess"}')), undefined],
    ['a frame on an unknown channel', frames(hi, Buffer.from('\x04x'), success), undefined],
    ['a v5 close frame', frames(hi, Buffer.of(255, 0), success), undefined],
    ['an empty message', frames(hi, Buffer.alloc(0), success), undefined],
    ['output after the status', frames(hi, success, Buffer.from('\x01more')), undefined],
    [
      'FIN without a close frame',
      (session) => {
        session.accept().send(hi);
        session.cut();
      },
      'cut',
    ],
    [
      'RST',
      (session) => {
        session.accept().send(hi, () => session.socket.resetAndDestroy());
      },
      'cut',
    ],
    [
      'a frame with a reserved opcode',
      (session) => {
        session.accept().send(hi, () => session.socket.write(Buffer.of(0x83, 0)));
      },
      'cut',
    ],
    [
      'all in one TCP segment',
      (session) => {
        session.socket.cork();
        frames(hi, success)(session);
        session.socket.uncork();
      },
      undefined,
    ],
  ] as readonly [string, ExecScript, string | undefined][]) {
    test(
      name,
      withScript(script, async (api) => {
        const result = await run(api);
        assert.equal(result.problem?.kind, kind);
        assert.equal(result.parts.join(''), 'hi\n');
      }),
    );
  }
});

suite('exec: time and cancel', () => {
  const silent: ExecScript = (session) => {
    session.accept();
    session.stdout('line 0\n');
  };
  const hanging: ExecScript = ({ socket }) => {
    socket.resume();
  };

  test(
    'a socket that stays open for ever ends at the timeout, with what came',
    withScript(silent, async (api, session) => {
      const result = await run(api, { timeout: 100 });
      assert.equal(result.problem?.kind, 'timeout');
      assert.equal(result.parts.join(''), 'line 0\n');
      await session().ended;
    }),
  );

  test(
    'an upgrade that is never answered ends at the timeout, and its connection too',
    withScript(hanging, async (api, session) => {
      await assert.rejects(run(api, { timeout: 100 }), reason('timeout'));
      await session().ended;
    }),
  );

  for (const [name, script] of Object.entries<(reached: () => void) => ExecScript>({
    'the upgrade': (reached) => (session) => {
      void hanging(session);
      reached();
    },
    // The client answers a ping after it has taken what came before.
    'the output': (reached) => (session) => {
      const socket = session.accept();
      session.stdout('line 0\n');
      socket.once('pong', reached).ping();
    },
  })) {
    test(`cancel during ${name} ends the connection at once`, async () => {
      let reached: () => void = () => undefined;
      const there = new Promise<void>((resolve) => (reached = resolve));
      await withScript(
        script(() => reached()),
        async (api, session) => {
          const controller = new AbortController();
          const rejected = assert.rejects(
            run(api, { signal: controller.signal }),
            reason('cancelled'),
          );
          await there;
          controller.abort();
          await rejected;
          await session().ended;
        },
      )();
    });
  }

  test(
    'cancelled before it began: no request at all',
    withServer({}, async (server, api) => {
      await assert.rejects(run(api, { signal: AbortSignal.abort() }), reason('cancelled'));
      assert.deepEqual(server.requests, []);
    }),
  );
});
