import assert from 'node:assert/strict';
import { captureTime } from '../../webview/captureTime';

suite('the time of a capture', () => {
  const now = new Date('2026-11-30T00:00:00Z');
  const time = (captured: string, language = 'en') => captureTime(captured, language, now);

  test('is the node’s own where no zone is told', () => {
    assert.equal(time('2026-11-21T13:42:24'), 'captured Nov 21, 13:42, node time');
    assert.equal(time('2026-11-21T13:42:24.123', ''), 'captured Nov 21, 13:42, node time');
    assert.equal(time('2025-11-21T00:42:24'), 'captured Nov 21, 2025, 00:42, node time');
    assert.equal(time('yesterday'), 'captured yesterday');
  });

  test('with a zone is that of whoever reads, wherever that is', () => {
    for (const captured of ['2026-11-21T13:42:24Z', '2026-11-21T13:42:24+02:00']) {
      const here = new Date(captured);
      const [hour, minute] = [here.getHours(), here.getMinutes()].map((part) =>
        String(part).padStart(2, '0'),
      );
      assert.equal(time(captured), `captured Nov ${here.getDate()}, ${hour}:${minute}`);
    }
  });
});
