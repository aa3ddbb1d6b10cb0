import assert from 'node:assert/strict';
import { parseAddress } from '../../../src/core/address';
import type { ConntrackEntry } from '../../../src/core/connections';
import type { NodeState } from '../../../src/core/node';
import { connectionText, layConnection } from '../../../src/core/packetTrace/connection';
import { node } from '../trace/helper';

const range = { source: 'conntrack', line: 0, start: 0, end: 1 };

/** `192.0.2.7:40000 > 192.168.50.10:80`. */
function ends(text: string) {
  const [from, to] = text.split(' > ').map((end) => {
    const [address, port] = end.split(':');
    return {
      address: parseAddress(address!)!,
      port: port === undefined ? undefined : Number(port),
    };
  });
  return {
    source: from!.address,
    destination: to!.address,
    ...(from!.port === undefined ? {} : { sourcePort: from!.port }),
    ...(to!.port === undefined ? {} : { destinationPort: to!.port }),
  };
}

function entry(
  original: string,
  reply: string,
  more: Partial<ConntrackEntry> = {},
): ConntrackEntry {
  const flags = { unreplied: false, assured: true, mark: 0 };
  return { protocol: 6, original: ends(original), reply: ends(reply), ...flags, range, ...more };
}

/** A NodePort with some endpoints, that masquerades. */
const nodePort = (...endpoints: string[]) =>
  node({
    rules: [
      '*nat',
      ':PREROUTING ACCEPT [0:0]',
      ':POSTROUTING ACCEPT [0:0]',
      ...endpoints.map(
        (to, i) =>
          `-A PREROUTING -p tcp -m tcp --dport 30080 -m statistic --mode random --probability 0.${i + 2} -j DNAT --to-destination ${to}`,
      ),
      '-A POSTROUTING -p tcp -m tcp --dport 8080 -j MASQUERADE',
    ].join('\n'),
  });

const asked = '192.0.2.7:40000 > 192.168.50.10:30080';
const told = (state: NodeState, one: ConntrackEntry) => {
  const laid = layConnection(state, one);
  return { ...laid, text: connectionText(laid) };
};

// conntrack(8): the second tuple is what an answer looks like, so that NAT shows as a difference.
suite('what the kernel did with a connection', () => {
  const kernel = (reply: string, more?: Partial<ConntrackEntry>) =>
    layConnection(node(), entry(asked, reply, more)).kernel;

  test('by its two tuples', () => {
    assert.equal(kernel('192.168.50.10:30080 > 192.0.2.7:40000'), 'not translated');
    assert.equal(kernel('10.244.1.5:8080 > 192.0.2.7:40000'), 'to 10.244.1.5:8080 (DNAT)');
    assert.equal(kernel('192.168.50.10:30080 > 10.244.1.1:1234'), 'from 10.244.1.1:1234 (SNAT)');
    assert.equal(
      kernel('10.244.1.5:8080 > 10.244.1.1:1234'),
      'to 10.244.1.5:8080 (DNAT), from 10.244.1.1:1234 (SNAT)',
    );
    // A port alone is a translation, too.
    assert.equal(kernel('192.168.50.10:8080 > 192.0.2.7:40000'), 'to 192.168.50.10:8080 (DNAT)');
    assert.equal(kernel('192.168.50.10:30080 > 192.0.2.7:41'), 'from 192.0.2.7:41 (SNAT)');
  });
});

suite('a connection against the dump', () => {
  test('the rule that sends it there is named', () => {
    const { text, by, differs, open } = told(
      nodePort('10.244.1.5:8080'),
      entry(asked, '10.244.1.5:8080 > 10.244.1.1:40000', { state: 'ESTABLISHED' }),
    );
    assert.deepEqual([differs, open, by?.line], [undefined, undefined, 3]);
    assert.deepEqual(text, [
      'tcp 192.0.2.7:40000 > 192.168.50.10:30080 ESTABLISHED: to 10.244.1.5:8080 (DNAT), from 10.244.1.1:40000 (SNAT)  (rules:4)',
    ]);
  });

  test('another endpoint, another port, and a source that is kept are other ways', () => {
    for (const reply of [
      '10.244.1.6:8080 > 10.244.1.1:40000',
      '10.244.1.5:8081 > 10.244.1.1:40000',
      '10.244.1.5:8080 > 192.0.2.7:40000',
    ]) {
      const { differs, by, text } = told(nodePort('10.244.1.5:8080'), entry(asked, reply));
      assert.equal(by, undefined, reply);
      assert.match(
        differs!,
        /^by the dump it would go to 10\.244\.1\.5:8080 from 10\.244\.1\.1, or to 192\.168\.50\.10:30080 from 192\.0\.2\.7: the dump is of another time/,
      );
      assert.match(text[1]!, /^ {2}! by the dump/);
    }
  });

  test('of many other ways three are named', () => {
    const many = nodePort('10.244.1.5:80', '10.244.1.6:80', '10.244.1.7:80', '10.244.1.8:80');
    const { differs } = told(many, entry(asked, '10.244.9.9:80 > 192.0.2.7:40000'));
    assert.match(differs!, /1\.5:80 from .*, or to .*1\.6:80 from .*, or to .*1\.7:80 from/);
    assert.match(differs!, /, or another \(2 more\): /);
    assert.doesNotMatch(differs!, /1\.8/);
  });

  test('one that the dump lets end nowhere', () => {
    const drop = node({ rules: '*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j DROP' });
    const { differs } = told(drop, entry(asked, '10.244.1.5:8080 > 192.0.2.7:40000'));
    assert.match(differs!, /it would go nowhere \(DROP: /);
  });

  test('one that the dump translates likewise, and drops then', () => {
    const rules = [
      '*nat',
      ':PREROUTING ACCEPT [0:0]',
      '-A PREROUTING -p tcp -m tcp --dport 30080 -j DNAT --to-destination 10.244.1.5:8080',
      '*filter',
      ':FORWARD DROP [0:0]',
    ].join('\n');
    const { differs, by } = told(
      node({ rules }),
      entry(asked, '10.244.1.5:8080 > 192.0.2.7:40000'),
    );
    assert.equal(by, undefined);
    assert.match(differs!, /it would go nowhere \(DROP: /);
  });

  test('where the dumps leave its way open, nothing differs', () => {
    const { open, differs } = told(
      node({ rules: '*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -m u32 --u32 "0=0" -j DROP' }),
      entry(asked, '10.244.1.5:8080 > 192.0.2.7:40000'),
    );
    assert.equal(differs, undefined);
    assert.equal(open, 'what the dumps lack leaves its way open');
    const bare = told(node({ routes: null }), entry(asked, '10.244.1.5:8080 > 192.0.2.7:40000'));
    assert.match(bare.open!, /ip route/);
    assert.match(bare.text[0]!, / {2}\[unknown: .*ip route/);
  });

  test('of a protocol without ports by its addresses; an event and no state as they are', () => {
    const { text } = told(
      node(),
      entry('192.0.2.7 > 192.168.50.10', '192.168.50.10 > 192.0.2.7', {
        protocol: 1,
        icmp: { type: 8, code: 0, id: 1 },
        event: 'NEW',
      }),
    );
    assert.deepEqual(text, ['[NEW] icmp 192.0.2.7 > 192.168.50.10: not translated']);
  });

  test('what the node sends comes in by no device', () => {
    const own = entry(
      '192.168.50.10:40000 > 10.96.0.1:443',
      '10.244.1.5:6443 > 192.168.50.10:40000',
    );
    const output = node({
      rules:
        '*nat\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -d 10.96.0.1/32 -p tcp -j DNAT --to-destination 10.244.1.5:6443',
    });
    assert.equal(told(output, own).by?.line, 2);
  });
});
