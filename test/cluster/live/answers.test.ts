import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { ClusterError, errorText, isCancelled, throwIfCancelled } from '../../../src/cluster/error';
import { execOutcome } from '../../../src/cluster/live/execOutcome';
import { errorOfAnswer, errorOfConnection, parseStatus } from '../../../src/cluster/live/httpError';
import { limiter } from '../../../src/cluster/live/limit';
import { nestingLimit } from '../../../src/cluster/live/nesting';
import { race, sleep } from '../../../src/cluster/live/race';
import { withoutSlashes } from '../../../src/cluster/live/serverUrl';
import { textCollector } from '../../../src/cluster/live/textCollector';

const cancelled = (error: unknown) => isCancelled(error);

/** In milliseconds, of a clock that the test turns. */
const minute = 60_000;

suite('what a server answers', () => {
  const right = { verb: 'list', resource: 'pods' };

  test('each status of HTTP has its reason and the server’s own words', () => {
    const told = JSON.stringify({ message: 'told', metadata: { continue: 'next' } });
    for (const [code, reason, message] of [
      [401, 'credentials', /Log in again/],
      [403, 'forbidden', /^Not allowed: list on pods\. told$/],
      [404, 'not-found', /^told$/],
      [410, 'expired', /^told$/],
      [429, 'throttled', /^told$/],
      [500, 'server', /^The cluster answered 500\. told$/],
    ] as const) {
      const error = errorOfAnswer(code, told, right, 7);
      assert.equal(error.reason, reason);
      assert.match(error.message, message);
      assert.deepEqual(error.detail, { status: code, right, retryAfter: 7, continueToken: 'next' });
    }
    const inside = errorOfAnswer(403, '', { ...right, namespace: 'shop' });
    assert.equal(inside.message, 'Not allowed: list on pods in namespace shop.');
    for (const [code, message] of [
      [404, 'Not found.'],
      [410, 'The list has expired.'],
      [429, 'Too many requests.'],
    ] as const) {
      assert.equal(errorOfAnswer(code, ' \n', right).message, message);
    }
    assert.equal(errorOfAnswer(502, ' <html> ', right).message, 'The cluster answered 502. <html>');
    for (const unit of ['x', 'x '])
      assert.ok(errorOfAnswer(404, unit.repeat(5000), right).message.length <= 1000);
    // A secret that stands where the text is cut is known by its whole.
    const secret = 'Zq8vLr2Kw9TxB4mN7cYp';
    const page = `${'x '.repeat(487)}https://me:${secret}@proxy.example/`;
    assert.ok(!errorOfAnswer(502, page, right).message.includes(secret.slice(0, 4)));
  });

  test('a Status, whatever stands in it', () => {
    assert.equal(parseStatus('Too many requests'), undefined);
    assert.equal(parseStatus('null'), undefined);
    assert.equal(parseStatus('5'), undefined);
    assert.deepEqual(
      parseStatus('{"details": {"causes": [{"reason": "ExitCode", "message": "1"}, 5]}}'),
      {
        ...{ status: undefined, message: undefined, continueToken: undefined },
        causes: [
          { reason: 'ExitCode', message: '1' },
          { reason: undefined, message: undefined },
        ],
      },
    );
  });

  test('a failure below HTTP: no connection, no trust, or the user’s own end', () => {
    const reason = (code: string) =>
      errorOfConnection(Object.assign(new Error('x'), { code }), 'https://h').reason;
    assert.equal(reason('ECONNREFUSED'), 'unreachable');
    assert.equal(reason('ABORT_ERR'), 'cancelled');
    assert.equal(reason('EPROTO'), 'tls');
    for (const code of [
      'CERT_HAS_EXPIRED',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ]) {
      assert.equal(reason(code), 'tls', code);
    }
    assert.equal(
      errorOfConnection('gone', 'https://h').message,
      "https://h can't be reached: gone.",
    );
    const own = new ClusterError('timeout', 'late');
    assert.equal(errorOfConnection(own, 'https://h'), own);
  });

  test('errors are shown without secrets, and cancelling is told from failing', () => {
    assert.doesNotMatch(errorText(new Error('--token abcdef0123456789')), /abcdef/);
    assert.equal(errorText('plain'), 'plain');
    assert.equal(errorText(new ClusterError('server', 'told')), 'told');
    assert.equal(isCancelled(new ClusterError('server', 'x')), false);
    assert.equal(isCancelled(new Error('cancelled')), false);
    throwIfCancelled(undefined);
    throwIfCancelled(new AbortController().signal);
    assert.throws(() => throwIfCancelled(AbortSignal.abort()), cancelled);
  });

  test('slashes at a URL’s end', () => {
    assert.equal(withoutSlashes('https://h/a//'), 'https://h/a');
    assert.equal(withoutSlashes('https://h/a'), 'https://h/a');
    assert.equal(withoutSlashes('//'), '');
  });
});

suite('what came of a command', () => {
  const raw = {
    parts: ['out'],
    bytes: 3,
    binary: false,
    stderr: '',
    status: undefined,
    problem: undefined,
  };
  const status = (more: object) => ({
    ...{ status: 'Failure', message: undefined, continueToken: undefined, causes: [] },
    ...more,
  });
  const exit = (code: string, message?: string) =>
    status({ message, causes: [{ reason: 'ExitCode', message: code }] });
  const kind = (more: object) => execOutcome({ ...raw, ...more }).problem?.kind;

  test('success, with text or with bytes', () => {
    assert.deepEqual(execOutcome({ ...raw, status: status({ status: 'Success' }) }), {
      ...{ parts: ['out'], bytes: 3, stderr: '', exitCode: 0 },
    });
    const binary = execOutcome({ ...raw, binary: true, status: status({ status: 'Success' }) });
    assert.deepEqual([binary.exitCode, binary.problem?.kind], [0, 'binary']);
  });

  test('a problem that is known goes first', () => {
    const problem = { kind: 'timeout', message: 'late' } as const;
    assert.deepEqual(
      execOutcome({ ...raw, problem, status: status({ status: 'Success' }) }).problem,
      problem,
    );
  });

  test('a code, with the first line of what was said', () => {
    const told = execOutcome({ ...raw, stderr: 'denied\nmore\n', status: exit('4') });
    assert.deepEqual(
      [told.exitCode, told.problem],
      [4, { kind: 'exit-code', message: 'Exit code 4: denied' }],
    );
    assert.equal(execOutcome({ ...raw, status: exit('4') }).problem?.message, 'Exit code 4.');
    assert.equal(kind({ status: exit('x', 'odd') }), 'refused');
    assert.equal(kind({ status: status({ message: 'no' }) }), 'refused');
    assert.match(execOutcome(raw).problem!.message, /without a message/);
  });

  test('a program that is not there, in the words of each runtime', () => {
    for (const more of [
      { status: status({ message: 'exec: "ipset": executable file not found in $PATH' }) },
      { status: status({ message: 'no such file or directory' }) },
      { status: exit('127') },
      { status: exit('255'), stderr: 'exec failed: unable to start: no such file or directory' },
      {
        status: exit('126'),
        parts: ['OCI runtime exec failed: exec failed: x: no such file or directory'],
      },
    ]) {
      const outcome = execOutcome({ ...raw, ...more });
      assert.deepEqual(
        [outcome.problem?.kind, outcome.parts],
        ['missing-binary', []],
        JSON.stringify(more),
      );
    }
    // The command's own word on its argument.
    assert.equal(
      kind({ status: exit('1'), stderr: 'cat: /proc/net/ip_vs: No such file or directory' }),
      'exit-code',
    );
    assert.equal(
      kind({ status: exit('1'), stderr: 'no such file or directory: exec failed: ' }),
      'exit-code',
    );
    // A long output is none of the runtime's words.
    assert.equal(
      kind({ status: exit('1'), bytes: 4096, parts: ['executable file not found'] }),
      'exit-code',
    );
    assert.equal(
      kind({ status: exit('1'), bytes: 4095, parts: ['executable file not found'] }),
      'missing-binary',
    );
  });
});

suite('bounds of what comes in', () => {
  test('brackets of JSON nest five hundred deep, those in texts do not count', () => {
    const tooDeep = (...parts: string[]) => {
      const limit = nestingLimit(() => new Error('deep'));
      try {
        for (const part of parts) limit(Buffer.from(part));
      } catch {
        return true;
      }
      return false;
    };
    assert.equal(tooDeep('['.repeat(500)), false);
    assert.equal(tooDeep('['.repeat(501)), true);
    assert.equal(tooDeep('[{'.repeat(250), '['), true);
    assert.equal(tooDeep('[]{}'.repeat(1000)), false);
    assert.equal(tooDeep(`"${'['.repeat(1000)}"`), false);
    assert.equal(tooDeep('"\\"', '['.repeat(1000)), false);
    assert.equal(tooDeep('"\\\\"', '['.repeat(1000)), true);
  });

  test('text in frames that split characters, up to a limit', () => {
    const collector = textCollector(8);
    const bytes = Buffer.from('a€b');
    assert.equal(collector.add(bytes.subarray(0, 2)), true);
    assert.equal(collector.add(bytes.subarray(2)), true);
    assert.deepEqual(
      [collector.bytes, collector.binary, collector.end().join('')],
      [5, false, 'a€b'],
    );
    assert.equal(collector.add(Buffer.from('abcd')), false);
    assert.equal(collector.bytes, 5);
    const other = textCollector(3);
    assert.equal(other.add(Buffer.from([97, 0, 98])), true);
    assert.equal(other.add(Buffer.from('')), true);
    assert.equal(other.binary, true);
    const cut = textCollector(9);
    cut.add(Buffer.from('€').subarray(0, 2));
    assert.deepEqual(cut.end().join(''), '\ufffd');
  });

  test('so many tasks at a time, the others in their order; who waits may leave', async () => {
    let most = 2;
    const limited = limiter(() => most);
    const running: string[] = [];
    const ends = new Map<string, () => void>();
    const start = (name: string, signal?: AbortSignal) =>
      limited(() => {
        running.push(name);
        return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
      }, signal);
    const gone = new AbortController();
    const [a, b, c, d] = [start('a'), start('b'), start('c', gone.signal), start('d')];
    const last = start('last');
    await Promise.resolve();
    assert.deepEqual(running, ['a', 'b']);
    gone.abort();
    await assert.rejects(c, cancelled);
    ends.get('a')!();
    assert.equal(await a, 'a');
    await new Promise(setImmediate);
    assert.deepEqual(running, ['a', 'b', 'd']);
    await assert.rejects(start('e', AbortSignal.abort()), cancelled);
    ends.get('b')!();
    await new Promise(setImmediate);
    assert.deepEqual(running, ['a', 'b', 'd', 'last']);
    for (const name of ['d', 'last']) ends.get(name)!();
    await Promise.all([b, d, last]);
    most = 0;
    const one = start('f');
    await new Promise(setImmediate);
    ends.get('f')!();
    assert.equal(await one, 'f');
  });

  test('waiting ends with the signal or the time', async () => {
    const timeout = () => new ClusterError('timeout', 'late');
    const never = new Promise<never>(() => undefined);
    assert.equal(
      await race(Promise.resolve(5), { signal: undefined, milliseconds: 1000, timeout }),
      5,
    );
    await assert.rejects(race(never, { signal: undefined, milliseconds: 1, timeout }), /late/);
    await assert.rejects(
      race(never, { signal: AbortSignal.abort(), milliseconds: 1000, timeout }),
      cancelled,
    );
    const later = new AbortController();
    const waiting = race(never, { signal: later.signal, milliseconds: 10_000, timeout });
    later.abort();
    await assert.rejects(waiting, cancelled);
  });

  test('a pause ends with its time or the signal, whose end leaves no timer', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      let over = false;
      const paused = sleep(minute).then(() => (over = true));
      mock.timers.tick(minute - 1);
      await Promise.resolve();
      assert.equal(over, false);
      mock.timers.tick(1);
      await paused;
      await assert.rejects(sleep(minute, AbortSignal.abort()), cancelled);
      const end = new AbortController();
      const cut = sleep(minute, end.signal);
      const cleared = mock.method(globalThis, 'clearTimeout');
      end.abort();
      await assert.rejects(cut, cancelled);
      assert.equal(cleared.mock.callCount(), 1);
    } finally {
      mock.restoreAll();
      mock.timers.reset();
    }
  });
});
