import assert from 'node:assert/strict';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import {
  compareAddresses,
  contains,
  formatAddress,
  formatNetwork,
  parseAddress,
  parseNetwork,
  prefixLength,
} from '../../src/core/address';

function address(text: string) {
  const parsed = parseAddress(text);
  assert(parsed, text);
  return parsed;
}

function network(text: string) {
  const parsed = parseNetwork(text);
  assert(parsed, text);
  return parsed;
}

suite('address', () => {
  test('reads and prints both families', () => {
    assert.deepEqual(address('192.168.77.10'), { family: 4, words: [0xc0a84d0a] });
    assert.equal(formatAddress(address('fd00:0:0::0001')), 'fd00::1');
    assert.equal(formatAddress(address('255.255.255.255')), '255.255.255.255');
  });

  test('refuses what iptables-save never prints', () => {
    for (const text of [
      '',
      '10.0.0',
      '10.0.0.256',
      '0x0a.0.0.1',
      'fd00:::1',
      'fe80::1%eth0',
      'a',
    ]) {
      assert.equal(parseAddress(text), undefined, text);
    }
    for (const text of ['10.0.0.0/33', 'fd00::/129', '10.0.0.0/ffff::', '10.0.0.0/']) {
      assert.equal(parseNetwork(text), undefined, text);
    }
  });

  test('eight groups, six before an IPv4 address, or fewer with ::; other words with colons are not even tried', () => {
    for (const text of ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:1.2.3.4', '::', '1::', '::1.2.3.4']) {
      assert.equal(parseAddress(text)?.family, 6, text);
    }
    const { isValid } = ipaddr.IPv6;
    const tried: string[] = [];
    ipaddr.IPv6.isValid = (text) => (tried.push(text), isValid.call(ipaddr.IPv6, text));
    try {
      const others = [
        '52:54:00:12:34:56',
        ':',
        '12:34:56',
        'default/web:http',
        'x::1',
        '1:'.repeat(999),
      ];
      for (const text of [...others, '1:2:3:4:5:6:7', '1:2:3:4:5:1.2.3.4']) {
        assert.equal(parseAddress(text), undefined, text);
      }
    } finally {
      ipaddr.IPv6.isValid = isValid;
    }
    assert.deepEqual(tried, []);
  });

  test('masks: prefix, dotted, with holes', () => {
    assert(contains(network('10.244.0.0/16'), address('10.244.255.1')));
    assert(!contains(network('10.244.0.0/16'), address('10.245.0.1')));
    assert(contains(network('0.0.0.3/0.0.0.255'), address('172.18.0.3')));
    assert(!contains(network('0.0.0.3/0.0.0.255'), address('172.18.0.4')));
    assert(contains(network('fd00:10:244::/64'), address('fd00:10:244::5')));
    assert(!contains(network('0.0.0.0/0'), address('::')));
    assert.equal(prefixLength(network('10.0.0.0/255.255.0.0')), 16);
    assert.equal(prefixLength(network('0.0.0.3/0.0.0.255')), undefined);
    assert.equal(formatNetwork(network('10.42.0.5/255.255.0.255')), '10.42.0.5/255.255.0.255');
    assert.equal(formatNetwork(network('fd00::1/64')), 'fd00::/64');
  });

  test('print and read are inverse', () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    const words = fc.oneof(fc.tuple(word), fc.tuple(word, word, word, word));
    fc.assert(
      fc.property(words, (value) => {
        const given = { family: value.length === 1 ? (4 as const) : (6 as const), words: value };
        assert.equal(compareAddresses(address(formatAddress(given)), given), 0);
      }),
    );
  });
});
