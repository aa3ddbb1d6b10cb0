import assert from 'node:assert/strict';
import { addressKey, parseAddress } from '../../../src/core/address';
import { plainKeyOf } from '../../../src/core/rules/plainKey';

const address = (text: string) => parseAddress(text)!;

suite('keys of single values', () => {
  test('an address of IPv4 has one key as a number and as an address, also above 127.255.255.255', () => {
    assert.equal(addressKey(address('192.168.0.1')), 0xc0a80001);
    assert.equal(addressKey({ family: 4, words: [0xc0a80001 | 0] }), 0xc0a80001);
    assert.equal(plainKeyOf([0xc0a80001]), plainKeyOf([address('192.168.0.1')]));
  });

  test('addresses of IPv6 differ by each of their 128 bits', () => {
    const base = address('fd00:1:2:3:4:5:6:7');
    const others = base.words.flatMap((_, at) =>
      Array.from({ length: 32 }, (_, bit) => ({
        ...base,
        words: base.words.map((word, i) => (i === at ? word ^ (1 << bit) : word)),
      })),
    );
    const keys = new Set([base, ...others].map((one) => addressKey(one as typeof base)));
    assert.equal(keys.size, 129);
  });

  test('of several values each counts, and its place', () => {
    const web = address('10.96.0.1');
    const keys = [
      [web, 6, 80],
      [web, 6, 443],
      [web, 17, 80],
      [web, 80, 6],
      [address('10.96.0.2'), 6, 80],
      [web, 6],
      [web, 680],
      [web],
    ].map(plainKeyOf);
    assert.equal(new Set(keys).size, keys.length);
  });
});
