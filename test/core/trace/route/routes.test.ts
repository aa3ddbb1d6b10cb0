import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import type { NodeState } from '../../../../src/core/node';
import { leaves } from '../../../../src/core/trace/leaves';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { node, only, packet, type Dumps } from '../helper';

const addresses = `1: lo: <LOOPBACK,UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
2: eth0: <UP> mtu 1500
    inet 192.168.50.10/24 scope global eth0
3: eth1: <UP> mtu 1500
    inet 192.168.60.10/24 scope global eth1
`;

const own = `192.168.50.0/24 dev eth0 proto kernel scope link src 192.168.50.10
192.168.60.0/24 dev eth1 proto kernel scope link src 192.168.60.10
local 192.168.50.10 dev eth0 table local proto kernel scope host src 192.168.50.10
local 192.168.60.10 dev eth1 table local proto kernel scope host src 192.168.60.10
`;

const standard =
  '0: from all lookup local\n32766: from all lookup main\n32767: from all lookup default\n';

const loose = { 'net.ipv4.conf.eth1.rp_filter': '0' };

/** Where a packet of this node to 8.8.8.8 leaves, or why it does not. */
function leavesBy(routes: string, more: Dumps = {}, mark = 0, to = '8.8.8.8'): string | undefined {
  const state = node({ addresses, routes: own + routes, ...more });
  const sent = packet(`tcp 192.168.50.10:40000 > ${to}:80`);
  const { verdict } = only(traceFlow(state, sent, { mark }));
  return verdict.delivered ?? verdict.reason;
}

const both = 'default via 192.168.50.1 dev eth0\ndefault via 192.168.60.1 dev eth1 table 100\n';

suite('the route that is taken', () => {
  test('of two defaults the one with the lower metric, whichever is listed first', () => {
    const first = 'default via 192.168.50.1 dev eth0 metric 200\n';
    const second = 'default via 192.168.60.1 dev eth1 metric 100\n';
    assert.equal(leavesBy(first + second), 'eth1');
    assert.equal(leavesBy(second + first), 'eth1');
    assert.equal(leavesBy(first + 'default via 192.168.60.1 dev eth1 metric 300\n'), 'eth0');
  });

  test('none metric is metric 0, before any other', () => {
    const plain = 'default via 192.168.60.1 dev eth1\n';
    assert.equal(leavesBy('default via 192.168.50.1 dev eth0 metric 1\n' + plain), 'eth1');
  });

  test('of one prefix that of table local comes before that of main', () => {
    const routes = '9.9.9.9 via 192.168.50.1 dev eth0\nlocal 9.9.9.9 dev eth1 table local\n';
    assert.equal(leavesBy(routes, {}, 0, '9.9.9.9'), 'local');
  });

  test('the narrowest prefix, whatever its metric', () => {
    const routes =
      '8.8.0.0/16 via 192.168.50.1 dev eth0\n8.8.8.0/24 via 192.168.60.1 dev eth1 metric 9000\n';
    assert.equal(leavesBy(routes), 'eth1');
  });

  test('a dead route is passed by, one without a carrier alone is not', () => {
    const other = 'default via 192.168.60.1 dev eth1 metric 100\n';
    assert.equal(leavesBy('default via 192.168.50.1 dev eth0 dead linkdown\n' + other), 'eth1');
    assert.equal(leavesBy('default via 192.168.50.1 dev eth0 linkdown\n' + other), 'eth0');
  });

  test('a route with a TOS only for packets that have it', () => {
    const routes =
      'default via 192.168.50.1 dev eth0\n8.8.8.8 tos 0x10 via 192.168.60.1 dev eth1\n';
    const state = node({ addresses, routes: own + routes });
    const by = (tos: number) =>
      only(traceFlow(state, packet('tcp 192.168.50.10:1 > 8.8.8.8:80', { tos }))).verdict.delivered;
    assert.equal(by(0), 'eth0');
    assert.equal(by(0x10), 'eth1');
  });
});

suite('throw', () => {
  const routes = 'default via 192.168.50.1 dev eth0\nthrow 8.8.8.8\n';

  test('ends the look-up in its table: without own rules nothing else answers', () => {
    assert.match(leavesBy(routes) ?? '', /no route/);
  });

  test('the rules after it are asked', () => {
    const rules = '50: from all lookup 100\n';
    const thrown = both + 'throw 8.8.8.8 table 100\n';
    assert.equal(leavesBy(thrown, { routingRules: rules + standard }), 'eth0');
    assert.equal(leavesBy(both, { routingRules: rules + standard }), 'eth1');
  });
});

suite('fwmark of a routing rule', () => {
  const by = (mark: number, asked: string) =>
    leavesBy(both, { routingRules: `50: from all fwmark ${asked} lookup 100\n${standard}` }, mark);

  test('without a mask all bits of the mark count', () => {
    assert.equal(by(0xca6c, '0xca6c'), 'eth1');
    assert.equal(by(0x1ca6c, '0xca6c'), 'eth0');
    assert.equal(by(0x2, '0xca6c'), 'eth0');
  });

  test('with a mask only its bits: beside it kube-proxy may mark as it likes', () => {
    assert.equal(by(0x4080, '0x80/0x80'), 'eth1');
    assert.equal(by(0x4000, '0x80/0x80'), 'eth0');
    assert.equal(by(0x4000, '0/0x80'), 'eth1');
    assert.equal(by(0x80, '0/0x80'), 'eth0');
  });
});

suite('suppress_prefixlength', () => {
  const by = (length: number, route: string, to = '8.8.8.8') =>
    leavesBy(
      route + 'default via 192.168.60.1 dev eth1 table 100\n',
      {
        routingRules:
          '0: from all lookup local\n' +
          `50: from all lookup main suppress_prefixlength ${length}\n60: from all lookup 100\n` +
          '32766: from all lookup main\n32767: from all lookup default\n',
      },
      0,
      to,
    );

  test('rejects routes of that length and shorter, and no longer ones', () => {
    const narrow = '8.8.8.0/24 via 192.168.50.1 dev eth0\n';
    assert.equal(by(23, narrow), 'eth0');
    assert.equal(by(24, narrow), 'eth1');
    assert.equal(by(25, narrow), 'eth1');
  });

  test('does not suppress the error of a route that refuses', () => {
    assert.match(by(24, 'unreachable 8.8.8.0/24\n') ?? '', /unreachable/);
  });
});

suite('routed anew after mangle OUTPUT', () => {
  const rules = '*mangle\n:OUTPUT ACCEPT\n-A OUTPUT -j MARK --set-xmark 0x1/0x1\n';
  const routingRules =
    '0: from all lookup local\n100: from 192.168.50.10 fwmark 0x1 lookup 100\n32766: from all lookup main\n';
  const state = node({ addresses, routes: own + both, rules, routingRules });
  const sentFrom = (source: string) => {
    const owner = { uid: 0, gid: 0, rawSocket: true };
    const sent = packet(`tcp ${source}:40000 > 8.8.8.8:80`, { owner });
    const { verdict } = only(traceFlow(state, sent));
    return verdict.delivered ?? verdict.reason;
  };

  test('with its source, where that is one of the node or of another', () => {
    assert.equal(sentFrom('192.168.50.10'), 'eth1');
    assert.equal(sentFrom('198.51.100.1'), 'eth0');
  });

  test('without one that is a broadcast address or a group (ip_route_me_harder)', () => {
    assert.equal(sentFrom('255.255.255.255'), 'eth0');
    assert.equal(sentFrom('224.0.0.1'), 'eth0');
  });
});

suite('to a group from an address on lo', () => {
  const own = addresses.replace('scope host lo\n', '$&    inet 203.0.113.200/32 scope global lo\n');
  const groups = new Map([['lo', [parseAddress('224.0.0.1')!]]]);
  const state: NodeState = { ...node({ addresses: own }), groups };
  const sentTo = (group: string, from = state) => {
    const sent = packet(`udp 203.0.113.200:40000 > ${group}:5000`);
    return leaves(traceFlow(from, sent).path).map(({ verdict }) => verdict);
  };

  test('goes over lo, and is lost there where nobody listens to it', () => {
    const [all] = sentTo('224.0.0.1');
    assert.deepEqual([all?.kind, all?.delivered], ['ACCEPT', 'local']);
    const [lost] = sentTo('239.1.2.3');
    assert.deepEqual([lost?.kind, lost?.reason], ['LOST', 'nobody on lo listens to 239.1.2.3']);
  });

  test('without ip maddr both ways are open', () => {
    const ways = sentTo('239.1.2.3', node({ addresses: own }));
    assert.deepEqual(ways.map(({ kind }) => kind).sort(), ['ACCEPT', 'LOST']);
  });
});

suite('what is forwarded', () => {
  const forward = (sysctls: Record<string, string>, ttl?: number) => {
    const state = node({
      addresses,
      routes: own + 'default via 192.168.60.1 dev eth1\n',
      sysctls: { ...loose, ...sysctls },
    });
    const sent = packet('tcp 192.168.50.77:40000 > 8.8.8.8:80 eth0', ttl ? { ttl } : {});
    const { verdict } = only(traceFlow(state, sent));
    return verdict.delivered ?? verdict.reason;
  };

  test('by the switch of the device that it came in by, before that of the node', () => {
    const device = 'net.ipv4.conf.eth0.forwarding';
    assert.equal(forward({}), 'eth1');
    assert.match(forward({ [device]: '0' }) ?? '', /forward/);
    assert.match(forward({ 'net.ipv4.ip_forward': '0' }) ?? '', /forward/);
    assert.equal(forward({ 'net.ipv4.ip_forward': '0', [device]: '1' }), 'eth1');
  });

  test('with a TTL of 2 or more: 1 ends here', () => {
    assert.equal(forward({}, 2), 'eth1');
    assert.match(forward({}, 1) ?? '', /TTL/);
  });
});

suite('a packet without a way', () => {
  const reply = (text: string, routes: string) => {
    const state = node({ addresses, routes: own + routes, sysctls: loose });
    return only(traceFlow(state, packet(text))).verdict.reply;
  };

  test('of the node itself: the program gets the error number', () => {
    const sent = 'tcp 192.168.50.10:40000 > 8.8.8.8:80';
    assert.equal(reply(sent, ''), 'ENETUNREACH');
    assert.equal(reply(sent, 'unreachable default\n'), 'EHOSTUNREACH');
    assert.equal(reply(sent, 'prohibit default\n'), 'EACCES');
    assert.equal(reply(sent, 'blackhole default\n'), 'EINVAL');
  });

  test('from outside: the sender gets an ICMP error, of a blackhole none', () => {
    const sent = 'tcp 192.168.50.77:40000 > 8.8.8.8:80 eth0';
    assert.equal(reply(sent, ''), 'icmp-net-unreachable');
    assert.equal(reply(sent, 'unreachable default\n'), 'icmp-host-unreachable');
    assert.equal(reply(sent, 'prohibit default\n'), 'icmp-admin-prohibited');
    assert.equal(reply(sent, 'blackhole default\n'), undefined);
  });
});

suite('the source of what comes from outside', () => {
  const uplink = 'default via 192.168.50.1 dev eth0\n';

  const enters = (
    source: string,
    device: string,
    sysctls: Record<string, string>,
    routes = uplink,
  ) => {
    const state = node({ addresses, routes: own + routes, sysctls: { ...loose, ...sysctls } });
    const sent = packet(`tcp ${source}:40000 > 192.168.60.10:80 ${device}`);
    const found = leaves(traceFlow(state, sent).path);
    return found.map(({ verdict }) =>
      verdict.kind === 'LOST' ? verdict.reason : verdict.delivered,
    );
  };
  const all = (value: string) => ({
    'net.ipv4.conf.all.rp_filter': '0',
    'net.ipv4.conf.eth1.rp_filter': value,
  });

  test('the node’s own only with accept_local', () => {
    const own = '192.168.50.10';
    assert.match(enters(own, 'eth1', {})[0] ?? '', /own/);
    assert.match(enters(own, 'eth1', { 'net.ipv4.conf.eth1.accept_local': '0' })[0] ?? '', /own/);
    assert.doesNotMatch(
      enters(own, 'eth1', { 'net.ipv4.conf.eth1.accept_local': '1' })[0] ?? '',
      /own/,
    );
  });

  test('rp_filter 1 wants the way back by the same device, 2 by any', () => {
    assert.match(enters('8.8.8.8', 'eth1', all('1'))[0] ?? '', /rp_filter is 1 on eth1/);
    assert.doesNotMatch(enters('8.8.8.8', 'eth1', all('2'))[0] ?? '', /rp_filter/);
    assert.doesNotMatch(enters('8.8.8.8', 'eth1', all('0'))[0] ?? '', /rp_filter/);
  });

  test('rp_filter 2 refuses what no route leads back to', () => {
    assert.match(enters('8.8.8.8', 'eth1', all('2'), '')[0] ?? '', /rp_filter is 2 on eth1/);
    assert.doesNotMatch(enters('8.8.8.8', 'eth1', all('0'), '')[0] ?? '', /rp_filter/);
  });

  test('the stricter of the device’s value and that of all counts', () => {
    const strict = { 'net.ipv4.conf.all.rp_filter': '1', 'net.ipv4.conf.eth1.rp_filter': '0' };
    assert.match(enters('8.8.8.8', 'eth1', strict)[0] ?? '', /rp_filter is 1/);
    const looser = { 'net.ipv4.conf.all.rp_filter': '2', 'net.ipv4.conf.eth1.rp_filter': '1' };
    assert.doesNotMatch(enters('8.8.8.8', 'eth1', looser)[0] ?? '', /rp_filter/);
  });
});
