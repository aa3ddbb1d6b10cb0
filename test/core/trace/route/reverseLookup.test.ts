import assert from 'node:assert/strict';
import { formatAddress, parseAddress } from '../../../../src/core/address';
import { asSource, isOfLink } from '../../../../src/core/trace/route/reverseLookup';

suite('the source of the look-up for a packet’s other end', () => {
  for (const [address, taken] of [
    ['10.0.0.1', true],
    ['127.0.0.1', true],
    // Not those that nobody sends from (rpfilter_get_saddr).
    ['224.0.0.1', false],
    ['239.255.255.255', false],
    ['255.255.255.255', false],
    ['0.0.0.0', false],
    ['fd00::1', true],
    ['fe80::1', true],
    ['ff02::1', false],
    ['::', false],
  ] as const) {
    test(`${address}: ${taken ? 'itself' : 'none'}`, () => {
      const source = asSource(parseAddress(address)!);
      assert.equal(source && formatAddress(source), taken ? address : undefined);
    });
  }
});

suite('where who has no address yet may send to (ipv4_is_lbcast, ipv4_is_local_multicast)', () => {
  for (const [address, may] of [
    ['255.255.255.255', true],
    ['224.0.0.0', true],
    ['224.0.0.255', true],
    ['224.0.1.0', false],
    ['10.255.255.255', false],
  ] as const) {
    test(`${address}: ${may}`, () => assert.equal(isOfLink(parseAddress(address)!), may));
  }
});
