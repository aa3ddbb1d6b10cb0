import assert from 'node:assert/strict';
import { tcpFlagBits, type Packet } from '../../../src/core/packet';
import { traceFlow } from '../../../src/core/trace/tracer';
import type { FlowState } from '../../../src/core/trace/conntrack/flowState';
import { node, only, packet } from './helper';

const { SYN, ACK, FIN, RST } = tcpFlagBits;
const sent = packet('tcp 10.244.1.7:40000 > 10.96.0.10:53 cni0');
const other = packet('tcp 10.244.1.8:40000 > 10.96.0.10:53 cni0');

/** The mark that each of these packets ends with; the node has just been set up. */
function marks(rules: string, ...packets: readonly Packet[]): readonly number[] {
  const state = node({ rules });
  let memory: FlowState = { lists: new Map(), counters: new Map() };
  return packets.map((each) => {
    const { verdict } = only(traceFlow(state, each, { memory }));
    memory = verdict.after;
    return verdict.finalMark ?? -1;
  });
}

const list = '--name L --mask 255.255.255.255 --rsource';
const mark = (value: number) => `-j MARK --set-xmark ${value}/${value}`;
const mangle = (...rules: readonly string[]) =>
  `*mangle\n:PREROUTING ACCEPT\n${rules.map((rule) => `-A PREROUTING ${rule}\n`).join('')}`;

suite('a recent list that is known', () => {
  test('--set puts the address in, and that of another is not', () => {
    const rules = mangle(`-m recent --rcheck ${list} ${mark(1)}`, `-m recent --set ${list}`);
    assert.deepEqual(marks(rules, sent, sent, other, other), [0, 1, 0, 1]);
  });

  test('the side of the packet that the rule names', () => {
    const to = '--name L --mask 255.255.255.255 --rdest';
    const rules = mangle(
      `-m recent --set ${list}`,
      `-m recent --rcheck ${to} ${mark(1)}`,
      `-m recent --set ${to}`,
    );
    assert.deepEqual(marks(rules, sent, other), [0, 1]);
  });

  test('an address under the mask of the list', () => {
    const wide = '--name L --mask 255.255.255.0 --rsource';
    const rules = mangle(`-m recent --rcheck ${wide} ${mark(1)}`, `-m recent --set ${wide}`);
    assert.deepEqual(marks(rules, sent, other), [0, 1]);
  });

  test('--hitcount asks for so many hits', () => {
    const rules = mangle(
      `-m recent --rcheck --hitcount 2 ${list} ${mark(1)}`,
      `-m recent --set ${list}`,
    );
    assert.deepEqual(marks(rules, sent, sent, sent), [0, 0, 1]);
  });

  test('--update counts as a hit only where it holds', () => {
    const asked = `-m recent --update --hitcount 2 ${list} ${mark(1)}`;
    const once = mangle(asked, `! -s 10.244.1.9 -m recent --set ${list}`);
    assert.deepEqual(marks(once, sent, sent, sent), [0, 0, 1]);
    const three = `-m recent --rcheck --hitcount 3 ${list} ${mark(2)}`;
    const updated = mangle(three, asked, `-m mark --mark 0/1 -m recent --set ${list}`);
    // Two sets, then an update that holds: the third hit.
    assert.deepEqual(marks(updated, sent, sent, sent, sent), [0, 0, 1, 3]);
    const missed = mangle(three, asked, `-m mark --mark 0/2 -m recent --rcheck ${list}`);
    assert.deepEqual(marks(missed, sent, sent), [0, 0]);
  });

  test('--update of an address that is not in the list does not put it in', () => {
    const rules = mangle(
      `-m recent --rcheck ${list} ${mark(1)}`,
      `-m recent ! --update ${list} ${mark(2)}`,
    );
    assert.deepEqual(marks(rules, sent, sent), [2, 2]);
  });

  test('--remove takes it out, and holds where it was in', () => {
    const rules = mangle(
      `-m recent --remove ${list} ${mark(1)}`,
      `-m recent --rcheck ${list} ${mark(2)}`,
      `-m mark --mark 0/1 -m recent --set ${list}`,
    );
    assert.deepEqual(marks(rules, sent, sent, sent), [0, 1, 0]);
    const negated = mangle(`-m recent ! --remove ${list} ${mark(1)}`);
    assert.deepEqual(marks(negated, sent), [1]);
  });
});

suite('counts that are known', () => {
  test('limit lets the burst through, 5 unless another is written', () => {
    const six = Array.from({ length: 6 }, () => sent);
    const above = (text: string) => `-m limit --limit 1/hour ${text} ${mark(1)}`;
    assert.deepEqual(marks(mangle(above('--limit-burst 2')), sent, sent), [1, 1]);
    assert.deepEqual(marks(mangle(above('')), ...six.slice(1)), [1, 1, 1, 1, 1]);
    const dozen = Array.from({ length: 12 }, () => sent);
    assert.ok(marks(mangle(above('--limit-burst 12')), ...dozen).every((each) => each === 1));
    // What of the bucket is left after that no dump tells.
    assert.throws(() => marks(mangle(above('')), ...six), /2 ways/);
    assert.throws(() => marks(mangle(above('--limit-burst 2')), sent, sent, sent), /2 ways/);
  });

  test('hashlimit, too, unless its bucket holds bytes (xt_hashlimit.c, hashlimit_byte_cost)', () => {
    const upTo = (text: string) =>
      `-m hashlimit --hashlimit-upto ${text} --hashlimit-name x ${mark(1)}`;
    assert.deepEqual(marks(mangle(upTo('1/hour --hashlimit-burst 2')), sent, sent), [1, 1]);
    assert.deepEqual(marks(mangle(upTo('1/hour')), ...Array(5).fill(sent)), [1, 1, 1, 1, 1]);
    assert.throws(() => marks(mangle(upTo('1/hour --hashlimit-burst 1')), sent, sent), /2 ways/);
    assert.throws(() => marks(mangle(upTo('512kb/s --hashlimit-burst 1mb')), sent), /2 ways/);
  });

  test('nth by its count in the rule, whoever sends', () => {
    const nth = (packet: number) => `-m statistic --mode nth --every 3 --packet ${packet}`;
    const rules = mangle(`${nth(0)} ${mark(1)}`, `${nth(1)} ${mark(2)}`);
    assert.deepEqual(marks(rules, sent, other, sent, sent), [1, 2, 0, 1]);
    const not = '-m statistic --mode nth ! --every 2 --packet 0';
    assert.deepEqual(marks(mangle(`${not} ${mark(1)}`), sent, sent), [0, 1]);
  });

  test('a chance of 0 never holds, one of 1 always', () => {
    const random = (chance: string) => `-m statistic --mode random ${chance} ${mark(1)}`;
    assert.deepEqual(marks(mangle(random('--probability 0.00000000000')), sent), [0]);
    assert.deepEqual(marks(mangle(random('! --probability 0.00000000000')), sent), [1]);
    assert.deepEqual(marks(mangle(random('--probability 1.00000000000')), sent), [1]);
    assert.deepEqual(marks(mangle(random('! --probability 1.00000000000')), sent), [0]);
  });
});

suite('what the node’s own answer to a refused packet counts', () => {
  /** After a packet that is refused: how often its answer was counted, and who is in the list. */
  const after = (output: readonly string[]) => {
    const lines = output.map((rule) => `-A OUTPUT ${rule}\n`).join('');
    const rules = `*filter\n:INPUT ACCEPT\n:OUTPUT ACCEPT\n-A INPUT -j REJECT\n${lines}`;
    const memory: FlowState = { lists: new Map(), counters: new Map() };
    const refused = packet('udp 10.244.1.7:40000 > 192.168.50.10:9 cni0');
    const { verdict } = only(traceFlow(node({ rules }), refused, { memory }));
    assert.equal(verdict.kind, 'REJECT');
    const counts = verdict.after.counters && [...verdict.after.counters.values()];
    const listed = verdict.after.lists && [...verdict.after.lists.keys()];
    return [counts, listed];
  };
  const nth = '-m statistic --mode nth --every 2 --packet 0';
  const chance = '-m statistic --mode random --probability 0.5';

  test('is known where its ways count the same', () => {
    assert.deepEqual(after([nth]), [[1], []]);
    assert.deepEqual(after([`${chance} -j LOG`, nth]), [[1], []]);
    assert.deepEqual(after([`${chance} -j MARK --set-mark 1`, nth]), [[1], []]);
    assert.deepEqual(after(['-m recent --set --name A --rdest']), [[], ['recent A']]);
  });

  test('is not known where they do not', () => {
    const unknown = [undefined, undefined];
    // One way is counted and one is not; then each way by another rule, or another time.
    assert.deepEqual(after([`${chance} -j ACCEPT`, nth]), unknown);
    assert.deepEqual(
      after([
        `${chance} -j MARK --set-mark 1`,
        `-m mark --mark 1 ${nth}`,
        `-m mark --mark 0 ${nth}`,
      ]),
      unknown,
    );
    assert.deepEqual(after([`${chance} -j ACCEPT`, '-m recent --set --name A --rdest']), unknown);
    // One count that they share does not make them the same.
    const marked = ['1', '0'].map((mark) => `-m mark --mark ${mark} ${nth}`);
    assert.deepEqual(after([nth, `${chance} -j MARK --set-mark 1`, ...marked]), unknown);
  });
});

suite('a TCP connection in conntrack', () => {
  const states = mangle(
    `-m conntrack --ctstate NEW ${mark(1)}`,
    `-m conntrack --ctstate ESTABLISHED ${mark(2)}`,
    `-m conntrack --ctstate INVALID ${mark(4)}`,
  );
  const forth = (flags: number) => packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0', { flags });
  const back = (flags: number) => packet('tcp 8.8.8.8:80 > 10.244.1.7:40000 eth0', { flags });
  const seen = (...packets: readonly Packet[]) => marks(states, ...packets);

  test('is NEW until the answer, ESTABLISHED after', () => {
    assert.deepEqual(seen(forth(SYN), forth(SYN), back(SYN | ACK), forth(ACK)), [1, 1, 2, 2]);
  });

  test('its client may say nothing but SYN and RST before the answer', () => {
    assert.deepEqual(seen(forth(SYN), forth(ACK)), [1, 4]);
    assert.deepEqual(seen(forth(SYN), forth(RST)), [1, 1]);
  });

  test('a SYN opens it anew once both FINs are acknowledged (TIME_WAIT), and not before', () => {
    const opened = [forth(SYN), back(SYN | ACK), forth(ACK)];
    const fin = FIN | ACK;
    assert.equal(seen(...opened, forth(fin), back(fin), forth(ACK), forth(SYN)).at(-1), 1);
    assert.equal(seen(...opened, forth(fin), back(fin), forth(SYN)).at(-1), 2);
    assert.equal(seen(...opened, forth(fin), forth(fin), forth(SYN)).at(-1), 2);
    assert.equal(seen(...opened, forth(SYN)).at(-1), 2);
  });

  test('a SYN opens it anew after the client’s RST', () => {
    assert.equal(seen(forth(SYN), back(SYN | ACK), forth(RST), forth(SYN)).at(-1), 1);
  });

  test('is opened by SYN, by ACK where conntrack is loose, by nothing else', () => {
    assert.deepEqual(seen(forth(ACK)), [1]);
    assert.deepEqual(seen(forth(SYN | ACK)), [4]);
    assert.deepEqual(seen(forth(RST)), [4]);
    assert.deepEqual(seen(forth(FIN | ACK)), [4]);
    const sysctls = { 'net.netfilter.nf_conntrack_tcp_loose': '0' };
    const state = node({ rules: states, sysctls });
    assert.equal(only(traceFlow(state, forth(ACK))).verdict.finalMark, 4);
    assert.equal(only(traceFlow(state, forth(SYN))).verdict.finalMark, 1);
  });
});

suite('what conntrack says of a ping', () => {
  const marked = (match: string) => {
    const rules = mangle(`-m conntrack ${match} ${mark(1)}`);
    return marks(rules, packet('icmp 10.244.1.7:9 > 8.8.8.8 cni0'))[0];
  };

  test('type and code stand where others have the destination port', () => {
    assert.equal(marked(`--ctorigdstport ${8 * 256}`), 1);
    assert.equal(marked(`--ctorigdstport 0`), 0);
    // The answer to echo, 8, is 0.
    assert.equal(marked('--ctrepldstport 0'), 1);
    assert.equal(marked(`--ctrepldstport ${9 * 256}`), 0);
  });

  test('the answer to a timestamp is the type that follows', () => {
    const asked = packet('icmp 10.244.1.7:9 > 8.8.8.8 cni0', { icmpType: 13, icmpCode: 0 });
    const rules = mangle(`-m conntrack --ctrepldstport ${14 * 256} ${mark(1)}`);
    assert.deepEqual(marks(rules, asked), [1]);
  });
});
