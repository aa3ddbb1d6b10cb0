import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import { rawBits } from '../../../../src/core/trace/expression/rawPayload';
import type { State } from '../../../../src/core/trace/state';
import { typeAndCode } from '../../../../src/core/trace/conntrack/conntrack';

interface Sent {
  readonly from: string;
  readonly to: string;
  readonly protocol: number;
  readonly more?: Partial<State['packet']>;
}

function state({ from, to, protocol, more = {} }: Sent): State {
  const [source, destination] = [parseAddress(from)!, parseAddress(to)!];
  const header = { protocol, source, destination, sourcePort: 0x9c40, destinationPort: 0x1f90 };
  const packet = { ...header, length: 60, ...more };
  return { header, packet, tos: 0xb8, ttl: 64 } as unknown as State;
}

/** Of a header as the wire has it, in bytes; undefined for those that no dump tells. */
type Wire = readonly (number | undefined)[];

/** Asks for each byte, for each of its bits, and for each pair of bytes that one field holds. */
function assertReads(base: 'nh' | 'th', wire: Wire, of: State): void {
  for (const [i, byte] of wire.entries()) {
    assert.equal(rawBits(base, 8 * i, 8, of), byte, `${base} byte ${i}`);
    for (let bit = 0; bit < 8; bit++) {
      const expected = byte === undefined ? undefined : (byte >> (7 - bit)) & 1;
      assert.equal(rawBits(base, 8 * i + bit, 1, of), expected, `${base} byte ${i}, bit ${bit}`);
    }
  }
  assert.equal(rawBits(base, 8 * wire.length, 8, of), undefined);
}

const unknown = (count: number) => Array<undefined>(count).fill(undefined);
const tcpPorts = [0x9c, 0x40, 0x1f, 0x90];

suite('bits by their place in a header', () => {
  test('IPv4 (RFC 791): version, TOS, length, TTL, protocol and addresses; not id and checksum', () => {
    const of = state({ from: '10.244.1.7', to: '8.9.10.11', protocol: 6 });
    const wire = [
      0x45,
      0xb8,
      0,
      60,
      ...unknown(4),
      64,
      6,
      ...unknown(2),
      10,
      244,
      1,
      7,
      8,
      9,
      10,
      11,
    ];
    assertReads('nh', wire, of);
    assert.equal(rawBits('nh', 96, 32, of), 0x0af40107);
    assert.equal(rawBits('nh', 96, 24, of), 0x0af401);
    assert.equal(rawBits('nh', 16, 16, of), 60);
    // Over the border of two fields.
    assert.equal(rawBits('nh', 72, 16, of), undefined);
    assert.equal(rawBits('ll', 0, 8, of), undefined);
  });

  test('IPv6 (RFC 8200): version, traffic class, next header, hop limit and addresses', () => {
    const sent = { from: 'fd00:10:244::7', to: '2001:db8::1', protocol: 17 };
    const of = state(sent);
    assert.equal(rawBits('nh', 0, 4, of), 6);
    assert.equal(rawBits('nh', 4, 8, of), 0xb8);
    assert.equal(rawBits('nh', 32, 16, of), undefined);
    assert.equal(rawBits('nh', 48, 8, of), 17);
    assert.equal(rawBits('nh', 56, 8, of), 64);
    const words = [0xfd000010, 0x02440000, 0, 7, 0x20010db8, 0, 0, 1];
    for (const [i, word] of words.entries()) {
      assert.equal(rawBits('nh', 64 + 32 * i, 32, of), word, `word ${i} of the addresses`);
    }
    // The next header is then the first extension's.
    const extended = state({ ...sent, more: { extensions: [] } });
    assert.equal(rawBits('nh', 48, 8, extended), undefined);
  });

  test('TCP: ports and flags, of a packet that tells none a SYN', () => {
    const sent = { from: '10.0.0.1', to: '10.0.0.2', protocol: 6 };
    assertReads('th', [...tcpPorts, ...unknown(9), 0x02], state(sent));
    assertReads(
      'th',
      [...tcpPorts, ...unknown(9), 0x12],
      state({ ...sent, more: { flags: 0x12 } }),
    );
  });

  test('UDP has ports alone, and so has SCTP', () => {
    for (const protocol of [17, 132]) {
      assertReads(
        'th',
        [...tcpPorts, ...unknown(10)],
        state({ from: '1.1.1.1', to: '1.1.1.2', protocol }),
      );
    }
  });

  test('ICMP: type and code', () => {
    const more = { icmpType: 3, icmpCode: 4 };
    assertReads('th', [3, 4], state({ from: '1.1.1.1', to: '1.1.1.2', protocol: 1, more }));
    const none = { icmpType: 8 };
    assertReads('th', [8, 0], state({ from: '1.1.1.1', to: '1.1.1.2', protocol: 1, more: none }));
    assertReads(
      'th',
      [128, 0],
      state({ from: 'fd00::1', to: 'fd00::2', protocol: 58, more: { icmpType: 128 } }),
    );
  });

  test('of other protocols nothing behind the network header is known', () => {
    assertReads('th', unknown(4), state({ from: '1.1.1.1', to: '1.1.1.2', protocol: 47 }));
  });

  test('a tuple of ICMP holds type and code where others hold the port; the answer has its own type', () => {
    assert.equal(typeAndCode(1, { type: 8, code: 3 }, false), 8 * 256 + 3);
    assert.equal(typeAndCode(1, { type: 8, code: 3 }, true), 3);
    assert.equal(typeAndCode(1, { type: 13, code: 0 }, true), 14 * 256);
    assert.equal(typeAndCode(58, { type: 128, code: 0 }, true), 129 * 256);
    // Nothing answers a redirect.
    assert.equal(typeAndCode(1, { type: 5, code: 0 }, true), undefined);
  });
});
