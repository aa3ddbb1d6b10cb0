import assert from 'node:assert/strict';
import { Requests } from '../../src/flow/requests';

suite('requests between page and host', () => {
  test('an answer goes to the request of its number, in any order', async () => {
    const requests = new Requests<string>();
    const sent: number[] = [];
    const first = requests.ask((request) => sent.push(request));
    const second = requests.ask((request) => sent.push(request));
    requests.answer(sent[1]!, 'second');
    requests.answer(sent[0]!, 'first');
    assert.deepEqual(await Promise.all([first, second]), ['first', 'second']);
  });

  test('an answer that comes while it is asked is not lost', async () => {
    const requests = new Requests<string>();
    assert.equal(await requests.ask((request) => requests.answer(request, 'at once')), 'at once');
  });

  test('a reason instead of an answer rejects, and ends only that request', async () => {
    const requests = new Requests<string>();
    const sent: number[] = [];
    const first = requests.ask((request) => sent.push(request));
    const second = requests.ask((request) => sent.push(request));
    requests.answer(sent[0]!, new Error('no graph'));
    await assert.rejects(first, /no graph/);
    requests.answer(sent[1]!, 'second');
    assert.equal(await second, 'second');
  });

  test('after the end nobody waits, and a late answer is dropped', async () => {
    const requests = new Requests<string>();
    let sent = 0;
    const asked = requests.ask((request) => (sent = request));
    requests.end(new Error('closed'));
    requests.answer(sent, 'late');
    await assert.rejects(asked, /closed/);
    assert.equal(await requests.ask((request) => requests.answer(request, 'new')), 'new');
  });
});
