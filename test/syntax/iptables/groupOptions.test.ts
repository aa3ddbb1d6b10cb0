import assert from 'node:assert/strict';
import type { LineParser } from '../../../src/syntax/treeSitter';
import { testParser } from '../parser';
import { lowered } from './lowered';

suite('to which match or target an option belongs', () => {
  let parser: LineParser;
  suiteSetup(async () => (parser = await testParser()));

  /** `KIND KIND ... TARGET`, those that are not modelled with their options; then codes of findings. */
  function read(options: string): string {
    const { matches, target, findings } = lowered(parser, options);
    const parts = [...matches, ...(target ? [target] : [])] as {
      readonly kind: string;
      readonly name?: string;
      readonly text?: string;
    }[];
    const said = parts.map(({ kind, name, text }) =>
      kind.startsWith('unmodelled') ? [name, text].filter(Boolean).join(' ') : kind,
    );
    return [said.join(', '), ...findings].join(' | ');
  }

  test('the latest match that has it, else that of the protocol, else a match that is not known', () => {
    for (const [options, expected] of [
      ['-m mark --mark 1 -m comment --comment x', 'mark, comment'],
      ['-m mark -m comment --comment x --mark 1', 'mark, comment'],
      // iptables loads the protocol's match for it, whatever stands before.
      ['-d 10.0.0.1 -p tcp --dport 80', 'destination, protocol, tcp'],
      ['-p 6 --dport 80', 'protocol, tcp'],
      ['-p 17 --sport 80', 'protocol, udp'],
      ['-p 132 --sport 80', 'protocol, sctp'],
      ['-p 1 --icmp-type 8', 'protocol, icmp'],
      ['-p tcp -m comment --comment x --dport 80', 'protocol, comment, tcp'],
      ['-p tcp -m foo -m mark --mark 1 --dport 80', 'protocol, foo, mark, tcp'],
      // As iptables-save 1.8.9 prints it: what IPsec carries, not what the packet is.
      [
        '-m policy --dir in --pol ipsec --proto esp -j ACCEPT',
        'policy --dir in --pol ipsec --proto esp, ACCEPT',
      ],
      ['-m policy --dir in --pol none -p tcp', 'protocol, policy --dir in --pol none'],
      ['--proto tcp --dport 80', 'protocol, tcp'],
      // An extension that is not known may have any option.
      ['-m foo --bar 1', 'foo --bar 1'],
      ['-p tcp -m foo --dport 80', 'protocol, foo --dport 80'],
      ['-m tcp -m foo -j ACCEPT --dport 80', 'tcp, foo, ACCEPT'],
      ['-m foo -j ACCEPT --bar 1', 'foo -j ACCEPT --bar 1, ACCEPT'],
      // A name that is no target is a chain's.
      ['-j FOO --bar 1', 'jump | unknown-option'],
      ['-m foo -j HMARK --bar 1', 'foo, HMARK --bar 1'],
      ['-m foo --bar 1 -j DNAT --to-destination 10.0.0.1', 'foo --bar 1, DNAT'],
    ] as const) {
      assert.equal(read(options), expected, options);
    }
  });

  test('nobody has it', () => {
    for (const options of [
      '-m comment --comment x --dport 80',
      '-m mark --mark 1 --dport 80',
      '-p 47 --dport 80',
      '-p udp --syn',
      '--dport 80',
      '-j ACCEPT --to-destination 10.0.0.1',
    ]) {
      assert.match(read(options), / \| unknown-option$/, options);
    }
    assert.match(read('-p --dport 80'), / \| unknown-option/);
  });

  test('the beginning of a name that no other option has is that option (getopt_long)', () => {
    for (const [short, full] of [
      ['-j REDIRECT --to-port 8080', '-j REDIRECT --to-ports 8080'],
      ['-j DNAT --to-dest 10.0.0.1', '-j DNAT --to-destination 10.0.0.1'],
      ['-m comment --comm x -j ACCEPT', '-m comment --comment x -j ACCEPT'],
      ['-m mark --mark 1 -m comment --c x', '-m mark --mark 1 -m comment --comment x'],
    ] as const) {
      const [read, expected] = [short, full].map((options) => {
        const { target, matches, findings } = lowered(parser, options);
        return { kind: target, matches, findings };
      });
      assert.deepEqual(read, expected, short);
    }
    for (const options of [
      // --ctstate or --ctstatus
      '-m conntrack --ctsta NEW',
      '-m comment --ment x',
    ]) {
      assert.deepEqual(lowered(parser, options).findings, ['unknown-option'], options);
    }
  });

  test('--ipv4 and --ipv6 of iptables-restore ask nothing', () => {
    assert.equal(read('--ipv4 -p tcp --ipv6 -j ACCEPT'), 'protocol, ACCEPT');
  });
});
