import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import type { Packet } from '../../../../src/core/packet';
import { leaves } from '../../../../src/core/trace/leaves';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { parseIpAddress } from '../../../../src/syntax/ip/address';
import { parseIpRoute } from '../../../../src/syntax/ip/route';
import { rulesetsOfText } from '../../../../src/syntax/iptables/ruleset/ruleset';
import { testParser } from '../../../syntax/parser';

const addresses = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 state UNKNOWN
    inet 127.0.0.1/8 scope host lo
2: eth0: <UP,LOWER_UP> mtu 1500 state UP
    inet 192.168.77.10/24 scope global eth0
3: cni0: <UP,LOWER_UP> mtu 1500 state UP
    inet 10.244.0.1/24 scope global cni0
`;
const routes = `default via 192.168.77.1 dev eth0
10.244.0.0/24 dev cni0 src 10.244.0.1
unreachable 10.9.0.0/16
local 192.168.77.10 dev eth0 table local src 192.168.77.10
`;

/** What the client sees of a packet from a pod, with these rules of the filter (and nat) table. */
async function view(
  rules: string,
  more: Partial<Packet> = {},
  way = routes,
): Promise<string | undefined> {
  const node = {
    name: 'a',
    rulesets: rulesetsOfText('rules', rules, await testParser()),
    interfaces: parseIpAddress(addresses, 'addresses').value,
    routes: way === 'unknown' ? undefined : parseIpRoute(way, 'routes').value,
    findings: [],
  };
  const packet: Packet = {
    protocol: 6,
    source: parseAddress('10.244.0.5')!,
    sourcePort: 40000,
    destination: parseAddress('192.168.99.1')!,
    destinationPort: 80,
    inInterface: 'cni0',
    ...more,
  };
  const [leaf] = leaves(traceFlow(node, packet).path);
  return leaf!.verdict.client?.text;
}

function filter(lines: string, output = 'ACCEPT'): string {
  const policies = `:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ${output} [0:0]\n`;
  return `*filter\n${policies}${lines}COMMIT\n`;
}

const reject = '-A FORWARD -d 192.168.99.1/32 -j REJECT --reject-with icmp-port-unreachable\n';

suite('what the client sees', () => {
  test('a REJECT whose ICMP error gets out: refused', async () => {
    assert.equal(await view(filter(reject)), 'refused at once (ICMP port unreachable)');
  });

  test('without dumps of the routes nobody knows whether the error gets out; without a route it does not', async () => {
    assert.equal(
      await view(filter(reject), {}, 'unknown'),
      'ICMP port unreachable, if it gets through: the route back to its source is not known',
    );
    const away = '192.168.99.0/24 dev eth0\nlocal 192.168.77.10 dev eth0 table local\n';
    assert.equal(
      await view(filter(reject), {}, away),
      'silence: no route leads back to its source',
    );
  });

  test('the same with a policy of OUTPUT that drops the error: silence, and why', async () => {
    const text = await view(filter(reject, 'DROP'));
    const why = 'the policy of filter OUTPUT';
    assert.equal(text, `silence: the node's ICMP port unreachable is lost (${why})`);
  });

  test('where it is open whether the error gets out, both are told, each once', async () => {
    const drop = (set: string) => `-A OUTPUT -m set --match-set ${set} dst -j DROP\n`;
    const lost = "silence: the node's ICMP port unreachable is lost (a DROP rule)";
    const text = await view(filter(reject + drop('UNSEEN') + drop('OTHER')));
    assert.equal(text, `${lost}, or refused at once (ICMP port unreachable)`);
  });

  test('the error belongs to the connection that it refuses: RELATED, not INVALID', async () => {
    const related = '-A OUTPUT -m conntrack --ctstate RELATED -j ACCEPT\n';
    const text = await view(filter(reject + related, 'DROP'));
    assert.equal(text, 'refused at once (ICMP port unreachable)');
  });

  test('a RST for TCP, and another error for what is no refusal', async () => {
    const reset = '-A FORWARD -p tcp -j REJECT --reject-with tcp-reset\n';
    assert.equal(await view(filter(reset)), 'refused at once (TCP RST)');
    const host = '-A FORWARD -j REJECT --reject-with icmp-host-prohibited\n';
    assert.equal(await view(filter(host)), 'unreachable at once (ICMP host prohibited)');
  });

  test('a refusal after DNAT names what the client asked for, as conntrack translates it', async () => {
    const nat = `*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -d 10.96.0.9/32 -p tcp -j DNAT --to-destination 192.168.99.1:8080\nCOMMIT\n`;
    const text = await view(nat + filter(reject), { destination: parseAddress('10.96.0.9')! });
    assert.equal(text, 'refused at once (ICMP port unreachable)');
  });

  test('a DROP is silence; a route that is unreachable is told', async () => {
    assert.equal(await view(filter('-A FORWARD -j DROP\n')), 'silence: nothing is answered');
    const unreachable = await view(filter(''), { destination: parseAddress('10.9.1.1')! });
    assert.equal(unreachable, 'unreachable at once (ICMP host unreachable)');
  });

  test('what is delivered is for its receiver to answer', async () => {
    assert.equal(await view(filter('')), undefined);
  });

  test("the node's own packet without a way: its socket has the error at once", async () => {
    const own = { inInterface: undefined, source: parseAddress('192.168.77.10')! };
    const text = await view(filter(''), { ...own, destination: parseAddress('10.9.1.1')! });
    assert.equal(text, 'its socket gets EHOSTUNREACH at once');
  });

  test("the node's own packet: the error comes back over lo, where INPUT may drop it", async () => {
    const own = { inInterface: undefined, source: parseAddress('192.168.77.10')! };
    const rule = '-A OUTPUT -d 192.168.99.1/32 -j REJECT --reject-with icmp-port-unreachable\n';
    assert.equal(await view(filter(rule), own), 'refused at once (ICMP port unreachable)');
    const drops = `${rule}-A INPUT -p icmp -j DROP\n`;
    assert.match((await view(filter(drops), own)) ?? '', /^silence: .* lost \(a DROP rule\)/);
  });
});
