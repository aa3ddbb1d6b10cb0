import assert from 'node:assert/strict';
import { endpointText } from '../../endpointText';
import { parseAddress } from '../../../src/core/address';
import {
  chooseServer,
  type OpeningPacket,
  type ScheduleContext,
} from '../../../src/core/ipvs/schedulers';
import type { VirtualServer } from '../../../src/core/ipvs/state';
import { parseIpvsTable } from '../../../src/syntax/ipvs/table';

/** A virtual server with rows `address weight active inactive`, as `ipvsadm -Ln` lists them. */
function listed(scheduler: string, ...rows: readonly string[]): VirtualServer {
  const lines = rows.map((row) => {
    const [address, ...numbers] = row.split(' ');
    return `  -> ${address}:80              Masq    ${numbers.join('      ')}\n`;
  });
  const text = `TCP  10.96.0.50:80 ${scheduler}\n${lines.join('')}`;
  return parseIpvsTable(text, 'ipvsadm').value.virtualServers[0]!;
}

const client: OpeningPacket = {
  protocol: 6,
  source: parseAddress('192.168.77.9')!,
  sourcePort: 40000,
  destination: parseAddress('10.96.0.50')!,
};

function chosen(
  virtual: VirtualServer,
  context: ScheduleContext = {},
  packet: OpeningPacket = client,
): string | undefined {
  const choice = chooseServer(virtual, packet, context);
  if (choice.kind === 'fixed') return endpointText(choice.server);
  if (choice.kind !== 'by-connections') return choice.kind;
  return choice.next && endpointText(choice.next);
}

suite('the next server by connections', () => {
  test('is the one with the least load, though the order of the list is not known', () => {
    assert.equal(chosen(listed('lc', '10.0.0.1 1 2 0', '10.0.0.2 1 1 0')), '10.0.0.2:80');
  });

  test('of several with as few is not known without the kernel’s order, with it the first', () => {
    const tied = listed('lc', '10.0.0.1 1 1 0', '10.0.0.2 1 1 0');
    assert.equal(chosen(tied), undefined);
    assert.equal(chosen(tied, { kernelOrder: true }), '10.0.0.1:80');
  });

  test('lc and wlc count an active connection as 256 inactive ones', () => {
    const rows = (inactive: number) => ['10.0.0.1 1 1 0', `10.0.0.2 1 0 ${inactive}`];
    for (const scheduler of ['lc', 'wlc']) {
      assert.equal(chosen(listed(scheduler, ...rows(255))), '10.0.0.2:80');
      assert.equal(chosen(listed(scheduler, ...rows(256))), undefined);
      assert.equal(chosen(listed(scheduler, ...rows(257))), '10.0.0.1:80');
    }
  });

  test('only wlc, sed and nq go by the weight', () => {
    const rows = ['10.0.0.1 1 2 0', '10.0.0.2 3 3 0'];
    assert.equal(chosen(listed('lc', ...rows)), '10.0.0.1:80');
    for (const scheduler of ['wlc', 'sed', 'nq']) {
      assert.equal(chosen(listed(scheduler, ...rows)), '10.0.0.2:80', scheduler);
    }
  });

  test('sed and nq count the connection that comes, and no inactive ones', () => {
    // (1 + 1) / 2 against (0 + 1) / 1, though the second has 500 that are closed.
    const rows = ['10.0.0.1 2 1 0', '10.0.0.2 1 0 500'];
    assert.equal(chosen(listed('sed', ...rows)), undefined);
    // nq rather takes one without any.
    assert.equal(chosen(listed('nq', ...rows)), '10.0.0.2:80');
    const idle = ['10.0.0.1 9 1 0', '10.0.0.2 1 0 0'];
    assert.equal(chosen(listed('sed', ...idle)), '10.0.0.1:80');
    assert.equal(chosen(listed('nq', ...idle)), '10.0.0.2:80');
  });

  test('is not known where one of them shows no counts', () => {
    const virtual = listed('lc', '10.0.0.1 1 2 0', '10.0.0.2 1 1 0');
    const [first, second] = virtual.realServers;
    const uncounted = { ...second!, activeConnections: undefined };
    const choice = chooseServer({ ...virtual, realServers: [first!, uncounted] }, client);
    assert.ok(choice.kind === 'by-connections' && choice.next === undefined);
    assert.match(choice.unknown ?? '', /count/);
  });

  test('is never one of weight 0', () => {
    assert.equal(chosen(listed('lc', '10.0.0.1 0 0 0', '10.0.0.2 1 9 0')), '10.0.0.2:80');
  });
});

suite('the server by a hash or by the highest weight', () => {
  test('needs no order where there is one server alone', () => {
    for (const scheduler of ['sh', 'dh', 'mh', 'fo']) {
      assert.equal(chosen(listed(scheduler, '10.0.0.1 1 0 0')), '10.0.0.1:80', scheduler);
      assert.equal(chosen(listed(scheduler, '10.0.0.1 0 0 0')), 'refused', scheduler);
    }
  });

  test('needs the order where there are more', () => {
    const two = ['10.0.0.1 1 0 0', '10.0.0.2 1 0 0'];
    for (const scheduler of ['sh', 'dh', 'mh', 'fo']) {
      assert.equal(chosen(listed(scheduler, ...two)), 'unknown', scheduler);
      const known = chosen(listed(scheduler, ...two), { kernelOrder: true });
      assert.match(known ?? '', /^10\.0\.0\.[12]:80$/, scheduler);
    }
  });

  test('where it is not known, it is one of those with a weight', () => {
    const rows = ['10.0.0.1 1 0 0', '10.0.0.2 0 0 0', '10.0.0.3 2 0 0'];
    for (const scheduler of ['sh', 'dh', 'mh', 'lblc']) {
      const choice = chooseServer(listed(scheduler, ...rows), client);
      assert.ok(choice.kind === 'unknown', scheduler);
      assert.deepEqual(choice.servers.map(endpointText), ['10.0.0.1:80', '10.0.0.3:80'], scheduler);
    }
  });

  test('goes by the source port where the scheduler has that flag, of protocols with ports', () => {
    const three = ['10.0.0.1 1 0 0', '10.0.0.2 1 0 0', '10.0.0.3 1 0 0'];
    for (const scheduler of ['sh', 'mh']) {
      const virtual = listed(scheduler, ...three);
      const by = (flags: string[], packets: readonly Partial<OpeningPacket>[]) =>
        new Set(
          packets.map((more) =>
            chosen({ ...virtual, flags }, { kernelOrder: true }, { ...client, ...more }),
          ),
        );
      const ports = Array.from({ length: 20 }, (_, i) => ({ sourcePort: 40_000 + i }));
      assert.equal(by([], ports).size, 1, scheduler);
      assert.ok(by([`${scheduler}-port`], ports).size > 1, scheduler);
      assert.deepEqual([...by([`${scheduler}-port`], [{ sourcePort: undefined }])], ['unknown']);
      // ip_vs_sh_get_port: of others the port is 0.
      const others = ports.map((one) => ({ ...one, protocol: 50 }));
      assert.equal(by([`${scheduler}-port`], others).size, 1, scheduler);
      const sctp = ports.map((one) => ({ ...one, protocol: 132 }));
      assert.ok(by([`${scheduler}-port`], sctp).size > 1, scheduler);
    }
  });

  test('mh is not known where a server was drained, whose places stay', () => {
    const rows = ['10.0.0.1 1 0 0', '10.0.0.2 0 0 0'];
    assert.equal(chosen(listed('mh', ...rows), { kernelOrder: true }), 'unknown');
    const virtual = listed('mh', ...rows);
    const [first, drained] = virtual.realServers;
    const known = { ...virtual, realServers: [first!, { ...drained!, formerWeight: 1 }] };
    assert.match(chosen(known, { kernelOrder: true }) ?? '', /^(10\.0\.0\.1:80|refused)$/);
  });

  test('fo takes the highest weight, whose order counts only where several have it', () => {
    const rows = ['10.0.0.1 1 0 0', '10.0.0.2 5 0 0', '10.0.0.3 4 0 0'];
    assert.equal(chosen(listed('fo', ...rows)), '10.0.0.2:80');
    const tied = listed('fo', ...rows, '10.0.0.4 5 0 0');
    assert.equal(chosen(tied), 'unknown');
    assert.equal(chosen(tied, { kernelOrder: true }), '10.0.0.2:80');
  });

  test('dh goes by the destination, not by who asks', () => {
    const servers = ['10.0.0.1 1 0 0', '10.0.0.2 1 0 0', '10.0.0.3 1 0 0'];
    const sources = ['192.168.77.9', '192.168.77.10', '10.1.2.3', '172.16.0.7'];
    const by = (scheduler: string) =>
      new Set(
        sources.map((source) =>
          chosen(
            listed(scheduler, ...servers),
            { kernelOrder: true },
            { ...client, source: parseAddress(source)! },
          ),
        ),
      ).size;
    assert.equal(by('dh'), 1);
    assert.ok(by('sh') > 1);
  });
});

suite('by turns, by weight, by the order of servers', () => {
  const shares = (virtual: VirtualServer) => {
    const choice = chooseServer(virtual, client);
    if (choice.kind !== 'shares') return choice.kind;
    return choice.servers.map((server) => `${endpointText(server)} ${choice.share(server)}`);
  };

  test('rr by the number of servers with a weight, wrr by the weights', () => {
    const rows = ['10.0.0.1 1 0 0', '10.0.0.2 3 0 0', '10.0.0.3 0 0 0'];
    assert.deepEqual(shares(listed('rr', ...rows)), ['10.0.0.1:80 0.5', '10.0.0.2:80 0.5']);
    assert.deepEqual(shares(listed('wrr', ...rows)), ['10.0.0.1:80 0.25', '10.0.0.2:80 0.75']);
    assert.equal(shares(listed('wrr', '10.0.0.1 0 0 0')), 'refused');
  });

  test('ovf: the highest weight, until it has more active connections than its weight', () => {
    const rows = (active: number) => [`10.0.0.1 3 ${active} 9`, '10.0.0.2 2 0 0'];
    assert.equal(chosen(listed('ovf', ...rows(3))), '10.0.0.1:80');
    assert.equal(chosen(listed('ovf', ...rows(4))), '10.0.0.2:80');
    assert.equal(chosen(listed('ovf', '10.0.0.1 3 4 0', '10.0.0.2 2 3 0')), 'refused');
    const tied = listed('ovf', ...rows(0), '10.0.0.3 3 0 0');
    assert.equal(chosen(tied), undefined);
    assert.equal(chosen(tied, { kernelOrder: true }), '10.0.0.1:80');
  });

  test('a virtual server without scheduler or real server refuses; one that is not told is unknown', () => {
    assert.equal(chosen(listed('none', '10.0.0.1 3 0 0')), 'refused');
    const virtual = listed('rr', '10.0.0.1 3 0 0');
    assert.equal(chosen({ ...virtual, realServers: [] }), 'refused');
    assert.equal(chosen({ ...virtual, scheduler: undefined }), 'unknown');
    assert.equal(chosen({ ...virtual, scheduler: 'twos' }), 'unknown');
  });
});

suite('a server with as many connections as its limit', () => {
  /** `-x 2` of the first of two; its connections are active and inactive ones together. */
  function limited(scheduler: string, active: number, inactive: number, flags: string[] = []) {
    const virtual = listed(scheduler, `10.0.0.1 5 ${active} ${inactive}`, '10.0.0.2 1 900 0');
    const [first, second] = virtual.realServers;
    return { ...virtual, flags, realServers: [{ ...first!, upperThreshold: 2 }, second!] };
  }
  const context = { kernelOrder: true };

  test('gets no more, whatever the scheduler', () => {
    for (const scheduler of ['lc', 'wlc', 'sed', 'nq', 'fo']) {
      assert.equal(chosen(limited(scheduler, 1, 0), context), '10.0.0.1:80', scheduler);
      assert.equal(chosen(limited(scheduler, 1, 1), context), '10.0.0.2:80', scheduler);
    }
    const byTurns = chooseServer(limited('rr', 2, 0), client);
    assert.ok(byTurns.kind === 'shares');
    assert.deepEqual(byTurns.servers.map(endpointText), ['10.0.0.2:80']);
    const why = (virtual: VirtualServer) => {
      const choice = chooseServer(virtual, client);
      return choice.kind === 'refused' ? choice.reason : choice.kind;
    };
    const full = limited('rr', 2, 0);
    const [first] = full.realServers;
    assert.match(why({ ...full, realServers: [first!] }), /weight 0 or as many connections as its/);
    const drained = { ...first!, weight: 0, upperThreshold: 0 };
    assert.match(why({ ...full, realServers: [drained] }), /^Every real server has weight 0\.$/);
  });

  test('is refused by a hash that falls on it, unless there is a fallback', () => {
    const byHash = (flags: string[]) => {
      const virtual = limited('sh', 1, 1, flags);
      const [full, free] = virtual.realServers;
      // All buckets but one are of the first.
      return chosen({ ...virtual, realServers: [{ ...full!, weight: 255 }, free!] }, context);
    };
    assert.equal(byHash([]), 'refused');
    assert.equal(byHash(['sh-fallback']), '10.0.0.2:80');
  });
});
