import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import { addressKind6, scopeRank } from '../../../../src/core/trace/route/addressKind6';

/** `unicast link`, `multicast site`, `mapped global`. */
function kind(text: string): string {
  const { unicast, multicast, mapped, scope } = addressKind6(parseAddress(text)!);
  const kinds = [unicast && 'unicast', multicast && 'multicast', mapped && 'mapped'];
  return [...kinds.filter(Boolean), scope].join(' ');
}

// RFC 4291, 2.4 to 2.7, and __ipv6_addr_type, which takes the loopback address for one of the link.
suite('kinds of IPv6 addresses', () => {
  for (const [address, expected] of [
    ['::', 'none'],
    ['::1', 'unicast link'],
    ['::2', 'unicast global'],
    ['::1:0:1', 'unicast global'],
    ['::1:0:0', 'unicast global'],
    ['::10.0.0.1', 'unicast global'],
    ['::ffff:10.0.0.1', 'mapped global'],
    ['0:1::ffff:10.0.0.1', 'unicast global'],
    ['0:0:1::', 'unicast global'],
    ['2001:db8::1', 'unicast global'],
    ['3fff::1', 'unicast global'],
    ['fc00::1', 'unicast global'],
    ['fd12::1', 'unicast global'],
    ['fe7f::1', 'unicast global'],
    ['fe80::1', 'unicast link'],
    ['febf::1', 'unicast link'],
    ['fec0::1', 'unicast site'],
    ['feff::1', 'unicast site'],
    ['ff00::1', 'multicast none'],
    ['ff01::1', 'multicast node'],
    ['ff02::1', 'multicast link'],
    ['ff12::1', 'multicast link'],
    ['ff05::1', 'multicast site'],
    ['ff08::1', 'multicast organisation'],
    ['ff0e::1', 'multicast global'],
  ] as const) {
    test(`${address}: ${expected}`, () => {
      assert.equal(kind(address), expected);
    });
  }

  test('scopes by how far they reach', () => {
    const ranks = (['none', 'node', 'link', 'site', 'organisation', 'global'] as const).map(
      scopeRank,
    );
    assert.deepEqual(
      ranks,
      ranks.toSorted((left, right) => left - right),
    );
    assert.equal(new Set(ranks).size, 6);
  });
});
