import assert from 'node:assert/strict';
import { formatAddress } from '../../../../src/core/address';
import type { ConntrackState } from '../../../../src/core/rules/match';
import { leaves } from '../../../../src/core/trace/leaves';
import { traceFlow, type TraceOptions } from '../../../../src/core/trace/tracer';
import { node, oneChain, only, packet } from '../helper';

const web = { ...packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0'), ttl: 64, tos: 0 };

function traced(
  rules: string,
  options: TraceOptions = {},
  base = 'filter hook prerouting priority -140',
) {
  return traceFlow({ ...node(), nftables: oneChain(rules, { base }) }, web, options);
}

/** Where the packet ends, as it then is. */
function end(rules: string, options?: TraceOptions, base?: string): string {
  const all = leaves(traced(rules, options, base).path);
  if (all.length > 1) return 'open';
  const { kind, final, finalMark, finalTtl } = all[0]!.verdict;
  const ends = [
    `${formatAddress(final!.source)}:${final!.sourcePort}`,
    `${formatAddress(final!.destination)}:${final!.destinationPort}`,
  ].join(' > ');
  return `${kind} ${ends} mark ${finalMark} ttl ${finalTtl}`;
}

const plain = 'ACCEPT 10.244.1.7:40000 > 8.8.8.8:80 mark 0 ttl 63';

suite('statements of nft that write', () => {
  for (const [rules, wanted] of [
    ['accept', plain],
    ['meta mark set 0x5', plain.replace('mark 0', 'mark 5')],
    ['meta mark set 0x5; meta mark set meta mark | 0x2', plain.replace('mark 0', 'mark 7')],
    ['meta mark set 0x7; meta mark set meta mark & 0xfffffffd', plain.replace('mark 0', 'mark 5')],
    ['meta mark set 0x7; meta mark set meta mark ^ 0x2', plain.replace('mark 0', 'mark 5')],
    ['ip saddr set 10.0.0.9', plain.replace('10.244.1.7', '10.0.0.9')],
    ['ip daddr set 8.8.4.4', plain.replace('8.8.8.8', '8.8.4.4')],
    ['tcp sport set 1024', plain.replace('40000', '1024')],
    ['tcp dport set 8080', plain.replace(':80 ', ':8080 ')],
    ['ip ttl set 9', plain.replace('63', '8')],
    ['ip dscp set ef; ip dscp ef meta mark set 1', plain.replace('mark 0', 'mark 1')],
    ['ct mark set 0x9; meta mark set ct mark', plain.replace('mark 0', 'mark 9')],
    [
      'meta mark set 0x9; ct mark set meta mark; meta mark set 0; ct mark 0x9 meta mark set 3',
      plain.replace('mark 0', 'mark 3'),
    ],
    ['counter packets 0 bytes 0 meta mark set 1', plain.replace('mark 0', 'mark 1')],
    ['log prefix "x" meta mark set 1', plain.replace('mark 0', 'mark 1')],
    ['continue; meta mark set 1', plain.replace('mark 0', 'mark 1')],
    ['return; meta mark set 1', plain],
    ['drop', plain.replace('ACCEPT', 'DROP').replace('63', '64')],
    ['queue to 0', plain.replace('ACCEPT', 'STOLEN').replace('63', '64')],
    // A map without the element, and one that has it.
    ['meta mark set tcp dport map { 80 : 0x4, 81 : 0x5 }', plain.replace('mark 0', 'mark 4')],
    ['meta mark set tcp dport map { 81 : 0x5 }', plain],
  ] as const) {
    test(`${rules}: ${wanted}`, () => assert.equal(end(rules), wanted));
  }

  test('a zone before conntrack, and no tracking', () => {
    const raw = 'filter hook prerouting priority -300';
    assert.equal(end('ct zone set 5', {}, raw), plain);
    const zone = only(traced('ct zone set 5', {}, raw)).verdict.after.connections?.[0]?.zone;
    assert.equal(zone?.original, 5);
    assert.deepEqual(only(traced('notrack', {}, raw)).verdict.after.connections, []);
    const zones = (rules: string) =>
      only(traced(rules, {}, raw)).verdict.after.connections?.map((each) => each.zone?.original);
    // The first counts; what is set of the connection that is not there yet, is no zone.
    assert.deepEqual(zones('ct zone set 5; ct zone set 6'), [5]);
    assert.deepEqual(zones('ct mark set 5; ct zone set 6'), [6]);
    assert.deepEqual(zones('ct label set 5; ct zone set 6'), [6]);
  });
});

suite('nat of nft', () => {
  const dstnat = 'nat hook prerouting priority -100';
  for (const [rules, wanted, base] of [
    ['dnat to 10.244.2.9', '10.244.2.9:80', dstnat],
    ['dnat to 10.244.2.9:8080', '10.244.2.9:8080', dstnat],
    ['dnat to :8080', '8.8.8.8:8080', dstnat],
    ['dnat to tcp dport map { 80 : 10.244.2.9 }', '10.244.2.9:80', dstnat],
    ['dnat ip to tcp dport map { 80 : 10.244.2.9 . 8080 }', '10.244.2.9:8080', dstnat],
    ['dnat to tcp dport map { 81 : 10.244.2.9 }', '8.8.8.8:80', dstnat],
    ['redirect', '10.244.1.1:80', dstnat],
    ['redirect to :8080', '10.244.1.1:8080', dstnat],
  ] as const) {
    test(`${rules}: ${wanted}`, () =>
      assert.match(end(rules, {}, base), new RegExp(`> ${wanted} `)));
  }

  const srcnat = 'nat hook postrouting priority 100';
  for (const [rules, wanted] of [
    ['snat to 192.168.50.99', '192.168.50.99:40000'],
    ['snat to 192.168.50.99:5000', '192.168.50.99:5000'],
    ['masquerade', '192.168.50.10:40000'],
    ['masquerade to :5000', '192.168.50.10:5000'],
  ] as const) {
    test(`${rules}: ${wanted}`, () =>
      assert.match(end(rules, {}, srcnat), new RegExp(` ${wanted} >`)));
  }
});

suite('a state that is asked for', () => {
  const states: readonly ConntrackState[] = [
    'NEW',
    'ESTABLISHED',
    'RELATED',
    'INVALID',
    'UNTRACKED',
  ];
  for (const state of states) {
    test(`${state}: that of the packet, and no other`, () => {
      const held = states.filter((other) =>
        end(`ct state ${other.toLowerCase()} meta mark set 1`, { state }).includes('mark 1'),
      );
      assert.deepEqual(held, [state]);
    });
  }

  test('of a connection that goes on, no chain of nat is asked', () => {
    const dnat = 'nat hook prerouting priority -100';
    assert.match(end('dnat to 10.244.2.9', { state: 'NEW' }, dnat), /> 10\.244\.2\.9:80/);
    assert.equal(end('dnat to 10.244.2.9', { state: 'ESTABLISHED' }, dnat), plain);
    assert.equal(end('dnat to 10.244.2.9', { state: 'INVALID' }, dnat), plain);
  });

  test('of a connection that goes on, whether it is assured is open', () => {
    assert.equal(end('ct status assured meta mark set 1', { state: 'ESTABLISHED' }), 'open');
    assert.equal(end('ct status assured meta mark set 1', { state: 'NEW' }), plain);
  });
});
