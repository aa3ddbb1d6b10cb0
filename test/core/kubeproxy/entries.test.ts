import assert from 'node:assert/strict';
import { formatAddress } from '../../../src/core/address';
import { findServices } from './findServices';
import { readDump } from './dump';

const hash = 'DC3OOLRZIWFKJHLB';

/** The Services of rules of nat, each with its ways in: `default/whoami tcp cluster-ip 10.96.0.5:80`. */
function services(nat: readonly string[], filter: readonly string[] = []): readonly string[] {
  const table = (name: string, rules: readonly string[]) =>
    `*${name}\n${rules.map((rule) => `-A ${rule}\n`).join('')}COMMIT\n`;
  const found = findServices(readDump(table('nat', nat) + table('filter', filter))).services;
  return found.map(({ title, protocol, entries }) => {
    const ways = entries.map(
      ({ kind, address, port }) => `${kind} ${address ? formatAddress(address) : '*'}:${port}`,
    );
    return [title, protocol, ...ways].join(' ');
  });
}

const rule = (
  to: string,
  { at = '-d 10.96.0.5/32 ', says = '', ports = '-m tcp --dport 80', jump = '-j' } = {},
) =>
  `KUBE-SERVICES ${at}-p tcp ${says && `-m comment --comment "${says}" `}${ports} ${jump} ${to}-${hash}`;

suite('the kind of an entry', () => {
  for (const [to, more, kind] of [
    ['KUBE-SVC', { says: 'default/whoami cluster IP' }, 'cluster-ip'],
    ['KUBE-SVL', { says: 'default/whoami cluster IP' }, 'cluster-ip'],
    ['KUBE-SVC', { says: 'default/whoami external IP' }, 'external-ip'],
    ['KUBE-EXT', { says: 'default/whoami external IP' }, 'external-ip'],
    ['KUBE-EXT', { says: 'default/whoami loadbalancer IP' }, 'load-balancer-ip'],
    ['KUBE-SVC', { says: 'default/whoami load balancer IP' }, 'load-balancer-ip'],
    // Without comments the chain tells, as far as it can.
    ['KUBE-SVC', {}, 'cluster-ip'],
    ['KUBE-FW', {}, 'load-balancer-ip'],
    ['KUBE-EXT', {}, 'external'],
    ['KUBE-XLB', {}, 'external'],
    ['KUBE-SVC', { jump: '-g' }, 'cluster-ip'],
  ] as const) {
    test(`${JSON.stringify(more)} to ${to}: ${kind}`, () => {
      const [found, ...others] = services([rule(to, more)]);
      assert.deepEqual(others, []);
      assert.match(found ?? '', new RegExp(` 6 ${kind} 10\\.96\\.0\\.5:80$`));
    });
  }

  test('a rule of KUBE-NODEPORTS is one of any address', () => {
    const jump = 'KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS';
    const port = `KUBE-NODEPORTS -p tcp -m tcp --dport 30089 -j KUBE-EXT-${hash}`;
    assert.match(services([jump, port]).join(), / 6 node-port \*:30089$/);
  });

  test('a rule without a port is none, nor one for all but a port', () => {
    for (const ports of ['-m tcp', '-m tcp ! --dport 80', '-m tcp --sport 80']) {
      assert.doesNotMatch(services([rule('KUBE-SVC', { ports })]).join(), /cluster-ip/, ports);
    }
  });

  test('a rule that leads nowhere is none, be it without a target or with one of its own', () => {
    const others = ['', '-j ACCEPT', '-j DNAT --to-destination 10.0.0.1:80', '-j MINE'].map(
      (target) => `KUBE-SERVICES -d 10.96.0.6/32 -p tcp -m tcp --dport 80 ${target}`,
    );
    assert.deepEqual(services(others), []);
    assert.equal(services([...others, rule('KUBE-SVC')]).length, 1);
  });

  test('node ports are not asked where a KUBE-SERVICES that is declared leads to none', () => {
    const port = `KUBE-NODEPORTS -p tcp -m tcp --dport 30089 -j KUBE-EXT-${hash}`;
    const declared = (...rules: readonly string[]) =>
      findServices(
        readDump(
          `*nat\n:KUBE-SERVICES - [0:0]\n${rules.map((one) => `-A ${one}\n`).join('')}COMMIT\n`,
        ),
      ).services.flatMap(({ entries }) => entries.map(({ kind }) => kind));
    const jump = 'KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS';
    assert.deepEqual(declared(rule('KUBE-SVC'), port), ['cluster-ip']);
    assert.deepEqual(declared(rule('KUBE-SVC'), jump, port), ['cluster-ip', 'node-port']);
    // A chain that was emptied, and one of which an excerpt has no line, do not say that they are dead.
    assert.deepEqual(declared(port), ['node-port']);
    assert.match(services([rule('KUBE-SVC'), port]).join(), / node-port \*:30089$/);
  });

  test('an address that is asked for twice is one entry', () => {
    const twice = [rule('KUBE-SVC'), rule('KUBE-SVC', { at: '-s 10.0.0.1/32 -d 10.96.0.5/32 ' })];
    assert.match(services(twice).join(), /^\S+ 6 cluster-ip 10\.96\.0\.5:80$/);
    const two = [rule('KUBE-SVC'), rule('KUBE-SVC', { at: '-d 10.96.0.6/32 ' })];
    assert.match(services(two).join(), / cluster-ip 10\.96\.0\.5:80 cluster-ip 10\.96\.0\.6:80$/);
    const ports = [rule('KUBE-SVC'), rule('KUBE-SVC', { ports: '-m tcp --dport 81' })];
    assert.match(services(ports).join(), / cluster-ip 10\.96\.0\.5:80 cluster-ip 10\.96\.0\.5:81$/);
  });
});

suite('a Service that is refused', () => {
  const refused = (chain: string, at: string, more = '') =>
    `${chain} ${at}-p udp -m comment --comment "default/dns:dns has no endpoints" ${more}-m udp --dport 53 -j REJECT`;

  test('by its ClusterIP, by another address, by its node port', () => {
    assert.deepEqual(
      services(
        [],
        [
          refused('KUBE-SERVICES', '-d 10.96.0.10/32 '),
          refused('KUBE-EXTERNAL-SERVICES', '-d 203.0.113.9/32 '),
          refused('KUBE-EXTERNAL-SERVICES', '', '-m addrtype --dst-type LOCAL '),
        ],
      ),
      ['default/dns:dns 17 cluster-ip 10.96.0.10:53 external 203.0.113.9:53 node-port *:53'],
    );
  });

  test('is none where a rule refuses nothing, or asks for no port', () => {
    assert.deepEqual(
      services([], ['KUBE-SERVICES -d 10.96.0.10/32 -p udp -m udp --dport 53 -j ACCEPT']),
      [],
    );
    assert.deepEqual(services([], ['KUBE-SERVICES -d 10.96.0.10/32 -p udp -j DROP']), []);
    assert.deepEqual(services([], ['KUBE-SERVICES -d 10.96.0.10/32 -j DROP']), []);
  });

  test('without a comment is told by its address and protocol', () => {
    const [found] = services(
      [],
      ['KUBE-SERVICES -d 10.96.0.10/32 -p udp -m udp --dport 53 -j DROP'],
    );
    assert.equal(found, '10.96.0.10:53/udp 17 cluster-ip 10.96.0.10:53');
  });
});
