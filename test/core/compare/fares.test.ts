import assert from 'node:assert/strict';
import { faresOf } from '../../../src/core/compare/fares';
import { finish } from '../../../src/core/work';
import { edited, rules, type Edit } from '../findings/cases/case';
import { clusterIpMark, routed, server, smallIpvs } from '../findings/cases/small';
import type { Files } from '../findings/checkText';
import { copies, first, sideOf } from './small';

async function fares(left: Files, right: Files) {
  const found = finish(faresOf(await sideOf('a', left), await sideOf('b', right)));
  return found.map(
    ({ who, to, more, left, right }) =>
      `${who} to ${to}${more > 0 ? ` and ${more} more` : ''}: ${left} / ${right}`,
  );
}

const own = 'gets through, and is seen with its own address';
const masqueraded = "gets through, and is seen with the node's address";

suite('who fares differently, of small nodes', () => {
  const ask = (edits: readonly Edit[], others: readonly Edit[] = []) =>
    fares(edited(routed, edits), edited(routed, others));
  const clusterIp = 'default/whoami at 10.99.205.136:3000';
  const nodePort = 'default/whoami at 192.168.77.10:30089';
  const unmasqueraded: Edit = [rules, /^-A KUBE-SVC-\S+ ! -s.*\n/gm, ''];
  const time = '-m time --timestart 01:00:00 -j DROP';

  test('nobody where both do the same', async () => {
    assert.deepEqual(await ask([]), []);
  });

  test('the source that an endpoint sees, of a ClusterIP and of a NodePort', async () => {
    assert.deepEqual(await ask([unmasqueraded]), [
      `a client outside to ${clusterIp}: ${own} / ${masqueraded}`,
    ]);
    const marked = first('KUBE-NODEPORTS', '-p tcp -m tcp --dport 30089 -j KUBE-MARK-MASQ');
    assert.deepEqual(await ask([marked]), [
      `a client outside to ${nodePort}: ${masqueraded} / ${own}`,
    ]);
  });

  test('the node itself only gets through: which of its addresses is seen, is no difference', async () => {
    const marked = first('OUTPUT', '-j KUBE-MARK-MASQ');
    assert.deepEqual(
      (await ask([marked])).filter((fare) => fare.startsWith('this node')),
      [],
    );
  });

  test('a packet that is dropped, and one that one of two endpoints refuses', async () => {
    const dropped = await ask([first('FORWARD', '-j DROP')]);
    assert.deepEqual(dropped, [
      `a pod to ${clusterIp}: is dropped / ${own}`,
      `a client outside to ${nodePort}: is dropped / ${own}`,
      `a client outside to ${clusterIp}: is dropped / ${masqueraded}`,
    ]);
    const refused = await ask([first('FORWARD', '-i eth0 -d 10.244.0.3/32 -j REJECT')]);
    assert.deepEqual(refused, [
      `a client outside to ${nodePort}: ${own} or is refused / ${own}`,
      `a client outside to ${clusterIp}: ${masqueraded} or is refused / ${masqueraded}`,
    ]);
  });

  test('what a guess decides is no difference, what comes whichever way is one', async () => {
    assert.deepEqual(await ask([first('FORWARD', time)]), []);
    const either = await ask([first('FORWARD', '-j DROP'), first('FORWARD', time)]);
    assert.equal(either.length, 3);
  });

  test('an end that is unknown is no difference', async () => {
    const unread = first('FORWARD', '-j WHATEVER');
    assert.deepEqual(await ask([unread]), []);
  });

  test('without routes nobody knows by which device a client comes', async () => {
    const unrouted: Edit = ['ip-route.txt', /[^]*/, ''];
    assert.deepEqual(await ask([unrouted], [unmasqueraded]), []);
  });

  test('a Service that has no endpoint on one of them leads nowhere', async () => {
    const none: Edit = [rules, /^-A KUBE-SVC-\S+ (?:-m|-j).*\n/gm, ''];
    const drop = first('FORWARD', '-j DROP');
    assert.deepEqual(await ask([none, drop]), []);
    assert.deepEqual(await ask([drop], [none]), []);
  });

  test('Services that fare alike are one line, and twelve are asked', async () => {
    assert.deepEqual(await ask([copies(2), unmasqueraded], [copies(2)]), [
      `a client outside to default/copy10 at 10.99.205.10:3000 and 2 more: ${own} / ${masqueraded}`,
    ]);
    const [all] = await ask([copies(20), unmasqueraded], [copies(20)]);
    assert.match(all ?? '', / and 11 more: /);
  });

  test('a Service that only one has is passed over, and does not count', async () => {
    const [all] = await ask([copies(20), unmasqueraded], []);
    assert.equal(all, `a client outside to ${clusterIp}: ${own} / ${masqueraded}`);
  });
});

suite('who fares differently in ipvs mode', () => {
  const none = '-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j RETURN\n';
  const all = '-A KUBE-SERVICES -j KUBE-MARK-MASQ\n';
  const web = server('10.96.0.2:80', '10.244.0.3:8080');

  test('the node keeps the ClusterIP as its source: no answer finds back', async () => {
    const rows = web + server('10.96.0.1:443', '10.244.0.3:8443');
    const marked = `-A KUBE-SERVICES ${clusterIpMark}\n`;
    const back = "leaves with the Service's address as its source: no answer comes back";
    assert.deepEqual(await fares(smallIpvs(rows, none), smallIpvs(rows, marked)), [
      `this node to 10.96.0.2:80/tcp at 10.96.0.2:80 and 1 more: ${back} / gets through`,
      `a client outside to 10.96.0.2:80/tcp at 10.96.0.2:80 and 1 more: ${own} / ${masqueraded}`,
    ]);
  });

  const nodePort = (servers: string, services: string): Files => ({
    ...smallIpvs(servers, services),
    'ipset-save.txt':
      'create KUBE-NODE-PORT-TCP bitmap:port range 0-65535\nadd KUBE-NODE-PORT-TCP 30001\n',
  });

  test("an address of the node is the node's: who asks its own NodePort gets through", async () => {
    const rows = server('192.168.77.10:30001', '10.244.0.3:8080');
    assert.deepEqual(await fares(nodePort(rows, none), nodePort(rows, all)), [
      `a client outside to 192.168.77.10:30001/tcp at 192.168.77.10:30001: ${own} / ${masqueraded}`,
    ]);
  });

  test('what ends on the node itself', async () => {
    const rows = server('192.168.77.10:30001', '192.168.77.10:8080');
    const files = edited(nodePort(rows, none), [first('INPUT', '-i eth0 -j DROP')]);
    assert.deepEqual(await fares(nodePort(rows, none), files), [
      `a client outside to 192.168.77.10:30001/tcp at 192.168.77.10:30001: ends on the node itself / is dropped`,
    ]);
  });
});
