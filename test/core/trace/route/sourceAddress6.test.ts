import assert from 'node:assert/strict';
import { formatAddress, parseAddress } from '../../../../src/core/address';
import { sourceAddress6 } from '../../../../src/core/trace/route/sourceAddress6';
import { parseIpAddress } from '../../../../src/syntax/ip/address';

/** What ipv6_dev_get_saddr takes of the addresses of eth0 and eth1, each `fd00::1/64 [flag]`. */
function taken(
  to: string,
  eth0: readonly string[],
  eth1: readonly string[] = [],
  device: string | undefined = 'eth0',
  sysctls: Readonly<Record<string, string>> = {},
): string | undefined {
  const lines = (own: readonly string[]) =>
    own
      .map((one) => {
        const [text, ...flags] = one.split(' ');
        const scope = /^fe[89ab]/.test(one) ? 'link' : 'global';
        return `    inet6 ${text} scope ${scope} ${flags.join(' ')}\n`;
      })
      .join('');
  const text = `2: eth0: <UP> mtu 1500\n${lines(eth0)}3: eth1: <UP> mtu 1500\n${lines(eth1)}`;
  const interfaces = parseIpAddress(text, 'addresses').value;
  const node = {
    name: 'a',
    rulesets: [],
    findings: [],
    interfaces,
    sysctls: new Map(Object.entries(sysctls)),
  };
  const found = sourceAddress6(node, device, parseAddress(to)!);
  return typeof found === 'object' ? formatAddress(found) : found;
}

suite('the source of IPv6 (RFC 6724), one rule after the other', () => {
  const same = '2001:db8::1/64';

  test('1: the destination itself', () => {
    assert.equal(taken('2001:db8::9', [same, '2001:db8::9/64 deprecated']), '2001:db8::9');
  });

  test('2: the narrowest scope that is wide enough; none is, the widest', () => {
    assert.equal(taken('2001:db9::1', ['fe80::1/64', 'fd00::1/64']), 'fd00::1');
    assert.equal(taken('fe80::9', ['fd00::1/64', 'fe80::1/64']), 'fe80::1');
    assert.equal(taken('2001:db9::1', ['fe80::1/64']), 'fe80::1');
    assert.equal(taken('ff02::1', ['fd00::1/64', 'fe80::1/64']), 'fe80::1');
    assert.equal(taken('ff05::1', ['fe80::1/64', 'fd00::1/64']), 'fd00::1');
  });

  test('3: none that is deprecated, where there is another', () => {
    assert.equal(taken('2001:db9::1', ['2001:db9::5/64 deprecated', same]), '2001:db8::1');
    assert.equal(taken('2001:db9::1', ['2001:db9::5/64 deprecated']), '2001:db9::5');
  });

  test('5: one of the device that it goes out by', () => {
    assert.equal(taken('2001:db9::1', [same], ['2001:db9::5/64']), '2001:db8::1');
    assert.equal(taken('2001:db9::1', [], ['2001:db9::5/64']), '2001:db9::5');
    assert.equal(taken('2001:db9::1', [same], ['2001:db9::5/64'], 'eth1'), '2001:db9::5');
  });

  for (const [to, own, other] of [
    ['fd00:9::1', 'fd00::1/64', same],
    ['2001:db9::1', same, 'fd00::1/64'],
    ['2002:1::1', '2002:2::1/64', same],
    ['2001::1', '2001:0:9::1/64', same],
    ['3ffe:1::1', '3ffe:9::1/64', same],
    ['2001:db9::1', same, '2002:2::1/64'],
  ] as const) {
    test(`6: of one label of the policy table: ${to} from ${own}, not ${other}`, () => {
      const [wanted] = own.split('/');
      assert.equal(taken(to, [other, own]), formatAddress(parseAddress(wanted!)!));
      assert.equal(taken(to, [own, other]), formatAddress(parseAddress(wanted!)!));
    });
  }

  test('7: rather none that is temporary', () => {
    assert.equal(
      taken('2001:db8::9', ['2001:db8::5/64 temporary', '2001:db8:1::5/64']),
      '2001:db8:1::5',
    );
  });

  test('8: the longest prefix in common, counted up to the address’s own', () => {
    const two = ['2001:db8:f::1/64', '2001:db8:1::1/64'];
    assert.equal(taken('2001:db8:2::1', two), '2001:db8:1::1');
    assert.equal(taken('2001:db8:e::1', two), '2001:db8:f::1');
    // In the third and the fourth word, too.
    assert.equal(
      taken('2001:db8::2:0:0:5', ['2001:db8::8:0:0:1/128', '2001:db8::3:0:0:1/128']),
      '2001:db8::3:0:0:1',
    );
    assert.equal(taken('2001:db8::5', ['2001:db8::1:0/128', '2001:db8::4/128']), '2001:db8::4');
    // Both have 64 bits in common: the first that is listed stays.
    assert.equal(taken('2001:db8::5', ['2001:db8::f00/64', '2001:db8::4/64']), '2001:db8::f00');
  });

  test('never one that is tentative, or none', () => {
    assert.equal(taken('2001:db8::9', ['2001:db8::5/64 tentative', 'fd00::1/64']), 'fd00::1');
    assert.equal(taken('2001:db8::9', []), undefined);
    assert.equal(
      sourceAddress6({ name: 'a', rulesets: [], findings: [] }, 'eth0', parseAddress('fd00::1')!),
      'unknown',
    );
  });

  test('to a link or a group only of the device, else by use_oif_addrs_only', () => {
    assert.equal(taken('fe80::9', [], ['fe80::2/64']), undefined);
    assert.equal(taken('ff05::9', [], ['fd00::2/64']), undefined);
    assert.equal(taken('fd00::9', [], ['fd00::2/64']), 'fd00::2');
    const only = (value: string) => ({ 'net.ipv6.conf.eth0.use_oif_addrs_only': value });
    assert.equal(taken('fd00::9', [], ['fd00::2/64'], 'eth0', only('1')), undefined);
    assert.equal(taken('fd00::9', [], ['fd00::2/64'], 'eth0', only('0')), 'fd00::2');
  });
});
