import assert from 'node:assert/strict';
import { headerText } from '../../../../src/core/trace/headerText';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { node, only, packet, type Dumps } from '../helper';

const postrouting = (target: string) => `*nat\n:POSTROUTING ACCEPT\n-A POSTROUTING ${target}\n`;

/** The head with which a packet leaves. */
function leaves(rules: string, text: string, more: Dumps = {}): string {
  return headerText(only(traceFlow(node({ rules, ...more }), packet(text))).verdict.final!);
}

suite('the target of NAT', () => {
  const addresses = `2: eth0: <UP> mtu 1500
    inet 192.168.50.10/24 scope global eth0
    inet 192.168.60.10/24 scope global eth0
3: cni0: <UP> mtu 1500
    inet 10.244.1.1/24 scope global cni0
`;

  test('MASQUERADE takes the address in the subnet of the gateway, without one in that of the receiver', () => {
    const sent = 'tcp 10.244.1.7:40000 > 192.168.50.77:80 cni0';
    const by = (route: string) =>
      leaves(postrouting('-j MASQUERADE'), sent, { addresses, routes: route });
    const back = '10.244.1.0/24 dev cni0\n';
    assert.match(by(`192.168.50.0/24 dev eth0\n${back}`), /^192\.168\.50\.10:/);
    assert.match(by(`default via 192.168.60.1 dev eth0\n${back}`), /^192\.168\.60\.10:/);
  });

  test('MASQUERADE leaves who has no address without one (nf_nat_masquerade_ipv4)', () => {
    const rules = postrouting('-j MASQUERADE');
    const sentFrom = (source: string) => {
      const sent = packet(`udp ${source}:68 > 8.8.8.8:67`, {
        owner: { uid: 0, gid: 0, rawSocket: true },
      });
      const { steps, verdict } = only(traceFlow(node({ rules }), sent));
      const [done] = steps.flatMap((step) => (step.kind === 'rule' ? [step.effect] : []));
      return [done, headerText(verdict.final!).split(' ')[0]];
    };
    assert.deepEqual(sentFrom('0.0.0.0'), ['MASQUERADE: source 0.0.0.0, kept', '0.0.0.0:68']);
    assert.match(sentFrom('1.0.0.0')[1]!, /^192\.168\.50\.10:/);
  });

  test('a range of one address is that address; one that is written backwards its first', () => {
    const sent = 'tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0';
    const to = (range: string) => leaves(postrouting(`-j SNAT --to-source ${range}`), sent);
    assert.match(to('10.9.9.1'), /^10\.9\.9\.1:40000/);
    assert.match(to('10.9.9.1-10.9.9.1'), /^10\.9\.9\.1:40000/);
    assert.match(to('10.9.9.5-10.9.9.1'), /^10\.9\.9\.5:40000/);
  });

  test('a source that lies in the range stays', () => {
    const sent = 'tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0';
    const to = (range: string) => leaves(postrouting(`-j SNAT --to-source ${range}`), sent);
    assert.match(to('10.244.1.0-10.244.1.7'), /^10\.244\.1\.7:40000/);
    assert.match(to('10.244.1.7-10.244.1.9'), /^10\.244\.1\.7:40000/);
    assert.doesNotMatch(to('10.244.1.8-10.244.1.9'), /^10\.244\.1\.7:/);
  });
});

suite('a NAT target where conntrack has not been yet', () => {
  // The kernel would not load such rules; a dump that was edited may hold them.
  for (const target of [
    'NETMAP --to 10.0.0.0/24',
    'DNAT --to-destination 10.244.2.9:80',
    'REDIRECT --to-ports 8080',
  ]) {
    test(`${target}: nothing is changed`, () => {
      const rules = `*raw\n:PREROUTING ACCEPT\n-A PREROUTING -p tcp -j ${target}\n`;
      const { verdict } = only(
        traceFlow(node({ rules }), packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0')),
      );
      assert.equal(verdict.kind, 'ACCEPT');
      assert.equal(verdict.final?.destination.words[0], 0x08080808);
    });
  }
});
