import assert from 'node:assert/strict';
import { parseNatRange } from '../../../src/syntax/iptables/targets/nat';
import { zoneIn } from '../../../src/syntax/iptables/targets/zone';
import type { LineParser } from '../../../src/syntax/treeSitter';
import { testParser } from '../parser';
import { lowered, oneTarget } from './lowered';

suite('targets of iptables, every option', () => {
  let parser: LineParser;
  suiteSetup(async () => (parser = await testParser()));

  const off = { random: false, fullyRandom: false, persistent: false };
  const one = (address: string) => ({ from: address, to: address });

  test('what they do', () => {
    for (const [rule, target] of [
      [
        '-j CONNMARK --set-xmark 0x1/0x3',
        { kind: 'CONNMARK', operation: { set: { clear: 3, xor: 1 } } },
      ],
      [
        '-j CONNMARK --save-mark',
        { kind: 'CONNMARK', operation: { save: { nfmask: 0xffffffff, ctmask: 0xffffffff } } },
      ],
      [
        '-j CONNMARK --restore-mark --mask 0xf',
        { kind: 'CONNMARK', operation: { restore: { nfmask: 15, ctmask: 15 } } },
      ],
      [
        '-j CONNMARK --save-mark --nfmask 0x1 --ctmask 0x2',
        { kind: 'CONNMARK', operation: { save: { nfmask: 1, ctmask: 2 } } },
      ],
      [
        '-j TPROXY --on-port 15001 --on-ip 127.0.0.1 --tproxy-mark 0x1/0x3',
        { kind: 'TPROXY', address: '127.0.0.1', port: 15001, clear: 3, xor: 1 },
      ],
      ['-j TPROXY --on-port 0', { kind: 'TPROXY', port: 0, clear: 0, xor: 0 }],
      [
        '-j SNAT --to-source 10.0.0.1 --random',
        { kind: 'SNAT', addresses: one('10.0.0.1'), ...off, random: true },
      ],
      ['-j REDIRECT', { kind: 'REDIRECT', ...off }],
      ['-j REDIRECT --to-ports 80', { kind: 'REDIRECT', ports: { from: 80, to: 80 }, ...off }],
      [
        '-j MASQUERADE --to-ports 1024-65535',
        { kind: 'MASQUERADE', ports: { from: 1024, to: 65535 }, ...off },
      ],
      ['-j NETMAP --to 10.1.0.0/16', '10.1.0.0/16'],
      ['-j RETURN', { kind: 'RETURN' }],
      ['-j QUEUE', { kind: 'QUEUE' }],
      ['-j REJECT', { kind: 'REJECT', with: 'icmp-port-unreachable' }],
      ['-j REJECT --reject-with tcp-rst', { kind: 'REJECT', with: 'tcp-reset' }],
      ['-j REJECT --reject-with port-unreach', { kind: 'REJECT', with: 'icmp-port-unreachable' }],
      [
        '-j REJECT --reject-with icmp-host-prohibited',
        { kind: 'REJECT', with: 'icmp-host-prohibited' },
      ],
      ['-j TRACE', { kind: 'TRACE', text: '' }],
      ['-j TCPMSS --clamp-mss-to-pmtu', { kind: 'TCPMSS', text: '--clamp-mss-to-pmtu' }],
      ['-j CT --notrack', { kind: 'CT', notrack: true, text: '--notrack' }],
      [
        '-j CT --zone-orig 5',
        {
          kind: 'CT',
          notrack: false,
          zone: { id: 5, direction: 'original' },
          text: '--zone-orig 5',
        },
      ],
      ['-j CT --helper ftp', { kind: 'CT', notrack: false, text: '--helper ftp' }],
      ['-j NOTRACK', { kind: 'CT', notrack: true, text: '' }],
      ['-j NFQUEUE --queue-num 3', { kind: 'NFQUEUE', text: '--queue-num 3', bypass: false }],
      [
        '-j NFQUEUE --queue-balance 0:3 --queue-bypass',
        { kind: 'NFQUEUE', text: '--queue-balance 0:3 --queue-bypass', bypass: true },
      ],
      [
        '-j SET --add-set S src,dst --exist --timeout 5',
        {
          kind: 'SET',
          operation: 'add',
          set: 'S',
          directions: ['src', 'dst'],
          text: '--add-set S src,dst --exist --timeout 5',
        },
      ],
      [
        '-j SET --map-set S src --map-mark',
        {
          ...{ kind: 'SET', operation: 'map', set: 'S', directions: ['src'], mapsMark: true },
          text: '--map-set S src --map-mark',
        },
      ],
      [
        '-j SET --del-set S dst',
        { kind: 'SET', operation: 'del', set: 'S', directions: ['dst'], text: '--del-set S dst' },
      ],
    ] as const) {
      assert.deepEqual(oneTarget(parser, rule), target, rule);
    }
    assert.deepEqual(oneTarget(parser, '-j REJECT --reject-with port-unreach', 6), {
      ...{ kind: 'REJECT', with: 'icmp6-port-unreachable' },
    });
    assert.deepEqual(oneTarget(parser, '-j REJECT --reject-with no-route', 6), {
      ...{ kind: 'REJECT', with: 'icmp6-no-route' },
    });
    assert.deepEqual(oneTarget(parser, '-j DNPT --src-pfx fd00:1::/64 --dst-pfx fd00:2::/48', 6), {
      kind: 'DNPT',
      from: { address: 'fd00:1::', length: 64 },
      to: { address: 'fd00:2::', length: 48 },
    });
  });

  test('what they cannot do without, and what cannot be read', () => {
    for (const [rule, code] of [
      ['-j MARK', 'incomplete-target'],
      ['-j MARK --set-mark x', 'unreadable-value'],
      ['-j CONNMARK --save-mark --restore-mark', 'incomplete-target'],
      ['-j CONNMARK', 'incomplete-target'],
      ['-j TPROXY --on-ip 127.0.0.1', 'incomplete-target'],
      ['-j SNAT', 'incomplete-target'],
      ['-j REDIRECT --to-ports x', 'unreadable-value'],
      ['-j REDIRECT --to-ports 80-90/8080/1', 'unreadable-value'],
      ['-j NETMAP', 'incomplete-target'],
      ['-j SNPT --src-pfx fd00::/64', 'incomplete-target'],
      ['-j SNPT --src-pfx fd00::/64 --dst-pfx x', 'unreadable-value'],
      ['-j SET --exist', 'incomplete-target'],
      ['-j MASQUERADE ! --random', 'unreadable-value'],
    ] as const) {
      const { target, findings } = lowered(parser, rule);
      assert.deepEqual([...new Set(findings)], [code], rule);
      assert.equal((target as { kind: string }).kind, 'unmodelled-target', rule);
    }
  });

  test('a range of NAT: what is no address, or no port, is none', () => {
    for (const text of [
      '',
      ':',
      'x',
      '10.0.0.1:',
      '10.0.0.1:x',
      '10.0.0.1:65536',
      '[]',
      '[x]:80',
      '[fd00::1',
      '10.0.0.1-x',
      '10.0.0.1:80/x',
      '10.0.0.1:80/1/2',
    ]) {
      assert.equal(parseNatRange(text), undefined, text);
    }
    assert.deepEqual(parseNatRange(':80-90/8080'), {
      ...{ addresses: undefined, ports: { from: 80, to: 90 }, portBase: 8080 },
    });
  });

  test('the zone of a connection’s target as it is saved and as it is listed', () => {
    assert.deepEqual(zoneIn('--zone 5'), { zone: { id: 5 } });
    assert.deepEqual(zoneIn('zone-reply 5'), { zone: { id: 5, direction: 'reply' } });
    assert.deepEqual(zoneIn('helper ftp zone mark'), { zone: { id: 'mark' } });
    assert.deepEqual(zoneIn('--zone x'), {});
    assert.deepEqual(zoneIn('--helper ftp'), {});
  });
});
