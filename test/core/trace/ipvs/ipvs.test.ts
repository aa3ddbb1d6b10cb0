import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import type { Packet } from '../../../../src/core/packet';
import { leaves } from '../../../../src/core/trace/leaves';
import type { Leaf } from '../../../../src/core/trace/leaves';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { node, packet, three, ways } from './node';

function text({ verdict, probability }: Leaf): string {
  const { kind, final } = verdict;
  return `${kind} ${final!.destination.words[0]! & 0xff}:${final!.destinationPort} ${probability}`;
}

suite('IPVS in the trace', () => {
  test('rr gives each real server with a weight the same share, wrr by weight', async () => {
    assert.deepEqual((await ways(three('rr'))).map(text).sort(), [
      'ACCEPT 2:8080 0.5',
      'ACCEPT 3:8080 0.5',
    ]);
    assert.deepEqual((await ways(three('wrr'))).map(text).sort(), [
      'ACCEPT 2:8080 0.25',
      'ACCEPT 3:8080 0.75',
    ]);
  });

  test('wlc goes by connections: a branch for each, without a share', async () => {
    const found = await ways(three('wlc'));
    assert.equal(found.length, 2);
    assert.match(found[0]!.branches[0]!.condition, /^wlc goes by connections/);
    assert.equal(found[0]!.probability, undefined);
  });

  test('steps name the rows of the virtual server and of the real server', async () => {
    const [way] = await ways(three('rr'));
    const lines = way!.steps.filter(({ kind }) => kind === 'ipvs').map(({ range }) => range?.line);
    assert.deepEqual(lines.slice(0, 2).sort(), [0, lines[1]]);
    assert.ok([1, 2].includes(lines[1]!));
  });

  test('all of weight 0, or none at all: IPVS rejects, and says why', async () => {
    const none = '-A -t 10.96.0.50:80 -s rr\n';
    for (const ipvs of [none, `${none}-a -t 10.96.0.50:80 -r 10.244.0.2:8080 -m -w 0\n`]) {
      const [way] = await ways(ipvs);
      const { kind, by, reply, range } = way!.verdict;
      assert.deepEqual([kind, by, reply], ['REJECT', 'ipvs', 'icmp-port-unreachable']);
      assert.equal(range?.source, 'ipvs');
    }
  });

  test('without a dump of IPVS the addresses of kube-ipvs0 are unknown, a ping is not', async () => {
    const [tcp] = await ways(undefined);
    assert.equal(tcp!.verdict.kind, 'UNKNOWN');
    assert.match(tcp!.verdict.reason, /`ipvsadm -Ln` is missing/);
    const [ping] = await ways(undefined, packet({ protocol: 1, destinationPort: undefined }));
    assert.equal(ping!.verdict.delivered, 'local');
  });

  test('what the dumps do not hold is assumed as kube-proxy sets it, and said', async () => {
    const { assumptions } = traceFlow(await node(three('rr')), packet());
    const texts = assumptions.map(({ text }) => text).join('\n');
    assert.match(texts, /net\.ipv4\.vs\.conntrack is 1/);
    const given = await node(three('rr'), { sysctls: new Map([['net.ipv4.vs.conntrack', '0']]) });
    const trace = traceFlow(given, packet());
    assert.doesNotMatch(JSON.stringify(trace.assumptions), /conntrack/);
    assert.equal(leaves(trace.path)[0]!.verdict.after.ipvs![0]!.tracked, false);
  });

  test('a limit of connections is taken as not reached, and that is said', async () => {
    const said = async (limit: string) => {
      const ipvs = three('rr').replace('-w 1', `-w 1 ${limit}`);
      const { assumptions } = traceFlow(await node(ipvs), packet());
      return assumptions.some(({ text }) => text.includes('-x'));
    };
    assert.equal(await said('-x 100 -y 50'), true);
    assert.equal(await said('-x 0 -y 0'), false);
    assert.equal(await said(''), false);
  });

  test('the reply gets the address of the virtual server back', async () => {
    const [first] = await ways(three('rr'));
    const { real } = first!.verdict.after.ipvs![0]!;
    const reply = packet({
      source: real.address,
      sourcePort: 8080,
      destination: parseAddress('10.244.0.5')!,
      destinationPort: 40000,
      flags: 18,
    });
    const [way] = await ways(three('rr'), reply, { memory: first!.verdict.after });
    const { source, sourcePort } = way!.verdict.final!;
    assert.deepEqual([source.words[0], sourcePort], [0x0a600032, 80]);
  });

  test('a persistent client keeps its real server, another client may get another', async () => {
    const ipvs = three('rr').replace('-s rr', '-s rr -p 10800');
    const [first] = await ways(ipvs);
    const memory = first!.verdict.after;
    assert.equal((await ways(ipvs, packet({ sourcePort: 40001 }), { memory })).length, 1);
    const other = packet({ source: parseAddress('10.244.0.6')! });
    assert.equal((await ways(ipvs, other, { memory })).length, 2);
  });

  test('persistence is by the client’s address under the mask, the protocol and the port', async () => {
    const masked = three('rr').replace('-s rr', '-s rr -p 10800 -M 255.255.255.0');
    const all = `${masked}${masked.replaceAll('-t 10.96.0.50:80', '-u 10.96.0.50:80')}`;
    const ipvs = `${all}${masked.replaceAll('10.96.0.50:80', '10.96.0.50:81')}`;
    const memory = (await ways(ipvs))[0]!.verdict.after;
    const kept = async (more: Partial<Packet>) =>
      (await ways(ipvs, packet({ sourcePort: 40001, ...more }), { memory })).length === 1;
    assert.equal(await kept({ source: parseAddress('10.244.0.77')! }), true);
    assert.equal(await kept({ source: parseAddress('10.244.1.5')! }), false);
    assert.equal(await kept({ protocol: 17 }), false);
    assert.equal(await kept({ destinationPort: 81 }), false);
  });

  test('persistence of a firewall mark is for all protocols and ports', async () => {
    const ipvs = three('rr')
      .replaceAll('-t 10.96.0.50:80', '-f 7')
      .replace('-s rr', '-s rr -p 10800');
    const first = await ways(ipvs, packet(), { mark: 7 });
    assert.equal(first.length, 2);
    const memory = first[0]!.verdict.after;
    const udp = packet({ protocol: 17, destinationPort: 53 });
    assert.equal((await ways(ipvs, udp, { mark: 7, memory })).length, 1);
  });

  test('a SYN opens a connection, with sloppy_tcp all but a RST; udp always', async () => {
    const opened = async (flags: number, sloppy: string, protocol = 6) => {
      const ipvs = three('rr').replaceAll('-t ', protocol === 6 ? '-t ' : '-u ');
      const sysctls = new Map([['net.ipv4.vs.sloppy_tcp', sloppy]]);
      const state = await node(ipvs, { sysctls });
      const found = leaves(traceFlow(state, packet({ flags, protocol })).path);
      return found.length === 2;
    };
    const [SYN, RST, ACK] = [2, 4, 16];
    assert.equal(await opened(SYN, '0'), true);
    assert.equal(await opened(SYN | RST, '0'), false);
    assert.equal(await opened(ACK, '0'), false);
    assert.equal(await opened(ACK, '1'), true);
    assert.equal(await opened(RST, '1'), false);
    assert.equal(await opened(ACK | RST, '1'), false);
    assert.equal(await opened(0, '0', 17), true);
  });

  test('a packet of a connection that is asked for as known opens none of IPVS’s own', async () => {
    const later = packet({ flags: 16 });
    assert.equal((await ways(three('rr'), later)).length, 1);
    assert.equal((await ways(three('rr'), later, { state: 'NEW' })).length, 1);
    assert.equal((await ways(three('rr'), later, { state: 'ESTABLISHED' })).length, 2);
  });

  test('a TTL that ends before the real server is refused, on this node it is not', async () => {
    const [far] = await ways(three('rr'), packet({ ttl: 1 }));
    assert.match(far!.verdict.reason ?? '', /TTL/);
    assert.equal((await ways(three('rr'), packet({ ttl: 2 })))[0]!.verdict.delivered, 'cni0');
    const own = three('rr').replaceAll(/10\.244\.0\.\d:8080/g, '192.168.77.10:8080');
    assert.equal((await ways(own, packet({ ttl: 1 })))[0]!.verdict.delivered, 'local');
  });

  test('with vs.conntrack the answers of a masqueraded server are expected from it, of others not', async () => {
    const sysctls = new Map([['net.ipv4.vs.conntrack', '1']]);
    const expected = async (method: string) => {
      const state = await node(three('rr').replaceAll(' -m ', ` ${method} `), { sysctls });
      const [way] = leaves(traceFlow(state, packet()).path);
      const { source, sourcePort } = way!.verdict.after.connections![0]!.reply;
      return [source.words[0]! & 0xff, sourcePort];
    };
    assert.deepEqual(await expected('-m'), [2, 8080]);
    assert.deepEqual(await expected('-g'), [50, 80]);
  });

  test('an ACK without a connection and a port without a virtual server stay on the node', async () => {
    for (const from of [packet({ flags: 16 }), packet({ destinationPort: 81 })]) {
      const [way, second] = await ways(three('rr'), from);
      assert.equal(second, undefined);
      assert.equal(way!.verdict.delivered, 'local');
    }
  });

  test('-m ipvs matches the request after IPVS, by its virtual address', async () => {
    const [way] = await ways(three('rr'));
    assert.ok(way!.steps.some((step) => step.kind === 'rule' && step.chain === 'OUTPUT'));
    const elsewhere = three('rr').replaceAll('10.96.0.50:80', '10.96.0.50:81');
    const [other] = await ways(elsewhere, packet({ destinationPort: 81 }));
    assert.ok(!other!.steps.some((step) => step.kind === 'rule' && step.chain === 'OUTPUT'));
  });

  test('a loopback address is a real server for the node alone', async () => {
    const ipvs = three('rr').replaceAll(/10\.244\.0\.\d:8080/g, '127.0.0.1:8080');
    const [outside] = await ways(ipvs);
    assert.deepEqual(
      [outside!.verdict.kind, outside!.verdict.reason],
      ['DROP', 'IPVS: from outside to the loopback address 127.0.0.1:8080'],
    );
    const own = { source: parseAddress('192.168.77.10')!, inInterface: undefined };
    const [inside] = await ways(ipvs, packet(own));
    assert.deepEqual([inside!.verdict.kind, inside!.verdict.delivered], ['ACCEPT', 'local']);
  });

  test('a template whose server takes nothing new gives way to another', async () => {
    const ipvs = three('rr').replace('-s rr', '-s rr -p 10800');
    const first = (await ways(ipvs))[0]!.verdict.after;
    const { real } = first.ipvsTemplates![0]!;
    const last = real.address.words[0]! & 0xff;
    const quiet = ipvs.replace(new RegExp(`(\\.${last}:8080 -m -w) \\d`), '$1 0');
    const sysctls = new Map([['net.ipv4.vs.expire_quiescent_template', '1']]);
    const state = await node(quiet, { sysctls });
    const [own] = first.ipvsTemplates!;
    const others = { ...own!, client: parseAddress('10.244.0.6')! };
    const memory = { ...first, ipvs: [], ipvsTemplates: [own!, others] };
    const [way] = leaves(traceFlow(state, packet({ sourcePort: 40001 }), { memory }).path);
    const templates = way!.verdict.after.ipvsTemplates!.map(
      (one) => one.real.address.words[0]! & 0xff,
    );
    // Those of other clients stay.
    assert.deepEqual(templates, [last === 2 ? 3 : 2, last]);
  });

  test('from a loopback address IPVS drops what goes to another node', async () => {
    const ipvs = three('rr').replaceAll('10.96.0.50:80', '127.0.0.1:80');
    const own = packet({
      source: parseAddress('127.0.0.1')!,
      destination: parseAddress('127.0.0.1')!,
      inInterface: undefined,
    });
    const [way] = await ways(ipvs, own);
    assert.deepEqual([way!.verdict.kind, way!.verdict.by], ['DROP', 'ipvs']);
  });
});
