import assert from 'node:assert/strict';
import { endpointText } from '../../endpointText';
import { readFileSync, readdirSync } from 'node:fs';
import { formatAddress, parseAddress } from '../../../src/core/address';
import { maglev } from '../../../src/core/ipvs/hashTables';
import { chooseServer } from '../../../src/core/ipvs/schedulers';
import type { ServerChoice } from '../../../src/core/ipvs/schedulers';
import type { RealServer, VirtualServer } from '../../../src/core/ipvs/state';
import { parseIpvsSave } from '../../../src/syntax/ipvs/save';

const fixtures = new URL('../../fixtures/ipvs-schedulers/', import.meta.url);

interface Recording {
  readonly name: string;
  /** Its real servers as in the kernel's list: newest first. */
  readonly virtual: VirtualServer;
  /** Client, its port, the real server; or what was done in between. */
  readonly rows: readonly (readonly [string, number, string] | string)[];
}

function recordings(...schedulers: string[]): Recording[] {
  const names = readdirSync(fixtures).filter((name) => schedulers.includes(name.split('-')[0]!));
  assert.ok(names.length > 0);
  return names.map((name) => {
    const [commands, rows] = readFileSync(new URL(name, fixtures), 'utf8').split('\n\n');
    return {
      name,
      virtual: newestFirst(commands!),
      rows: rows!
        .trim()
        .split('\n')
        .map((row) => {
          const [client, port, real] = row.split(' ');
          return row.startsWith('#') ? row : ([client!, Number(port), real!] as const);
        }),
    };
  });
}

function newestFirst(commands: string): VirtualServer {
  const [virtual] = parseIpvsSave(commands, 'dump').value.virtualServers;
  return { ...virtual!, realServers: [...virtual!.realServers].reverse() };
}

function connection(client: string, sourcePort?: number) {
  return {
    protocol: 6,
    source: parseAddress(client)!,
    sourcePort,
    destination: parseAddress('10.96.0.50')!,
  };
}

function show(choice: ServerChoice): string {
  switch (choice.kind) {
    case 'fixed':
      return endpointText(choice.server);
    case 'refused':
      return '-';
    case 'by-connections':
      return choice.next ? `next ${endpointText(choice.next)}` : 'by connections';
    case 'shares':
      return choice.servers.map((s) => `${formatAddress(s.address)} ${choice.share(s)}`).join();
    case 'unknown':
      return `? ${choice.reason}`;
  }
}

suite('IPVS schedulers', () => {
  test('sh: every recorded connection, with and without port and fallback', () => {
    for (const { name, virtual, rows } of recordings('sh')) {
      for (const row of rows) {
        if (typeof row === 'string') continue;
        const choice = chooseServer(virtual, connection(row[0], row[1]), { kernelOrder: true });
        assert.equal(show(choice), row[2], `${name}: ${row.join(' ')}`);
      }
    }
  });

  test('mh: every recorded connection', () => {
    for (const { name, virtual, rows } of recordings('mh')) {
      for (const row of rows) {
        if (typeof row === 'string') continue;
        const [client, port, real] = row;
        const { source: address } = connection(client);
        const key = { address, port: virtual.flags.includes('mh-port') ? port : 0 };
        const server = maglev(virtual.realServers, key, virtual.flags.includes('mh-fallback'));
        assert.equal(server && endpointText(server), real, `${name}: ${row.join(' ')}`);
        const choice = chooseServer(virtual, connection(client, port), { kernelOrder: true });
        // A server of weight 0 was added so here, which no dump could tell.
        const drained = virtual.realServers.some(({ weight }) => weight === 0);
        assert.equal(drained ? choice.kind : show(choice), drained ? 'unknown' : real);
      }
    }
  });

  test('lc, wlc, sed, nq: the counts tell the next server', () => {
    let checked = 0;
    for (const { name, virtual, rows } of recordings('lc', 'wlc', 'sed', 'nq')) {
      let servers: readonly RealServer[] = virtual.realServers.map((server) => ({
        ...server,
        activeConnections: 0,
        inactiveConnections: 0,
      }));
      const change = (real: string, edit: (server: RealServer) => RealServer) => {
        servers = servers.map((each) => (endpointText(each) === real ? edit(each) : each));
      };
      for (const row of rows) {
        if (typeof row === 'string') {
          const closed = /all connections to (\S+) closed/.exec(row)?.[1];
          if (closed) {
            change(closed, (server) => ({
              ...server,
              activeConnections: 0,
              inactiveConnections: server.activeConnections! + server.inactiveConnections!,
            }));
          }
          continue;
        }
        const now = { ...virtual, realServers: servers };
        const choice = chooseServer(now, connection(row[0]), { kernelOrder: true });
        assert.equal(show(choice), `next ${row[2]}`, `${name}: ${row.join(' ')}`);
        change(row[2], (server) => ({
          ...server,
          activeConnections: server.activeConnections! + 1,
        }));
        checked++;
      }
    }
    assert.ok(checked > 1000, String(checked));
  });

  test('rr and wrr: shares as counted', () => {
    for (const { name, virtual, rows } of recordings('rr', 'wrr')) {
      if (virtual.persistent !== undefined) continue;
      const choice = chooseServer(virtual, connection('10.0.0.9'));
      assert.ok(choice.kind === 'shares');
      for (const server of virtual.realServers) {
        const count = rows.filter((row) => row[2] === endpointText(server)).length;
        const share: number = choice.servers.includes(server) ? choice.share(server) : 0;
        assert.equal(count, share * rows.length, `${name} ${endpointText(server)}`);
      }
    }
  });

  test('weight 0 gets nothing; none left is refused', () => {
    const commands = (scheduler: string, weight: number) =>
      `-A -t 10.96.0.50:80 -s ${scheduler}\n-a -t 10.96.0.50:80 -r 10.0.0.1:80 -m -w 0\n-a -t 10.96.0.50:80 -r 10.0.0.2:80 -m -w ${weight}\n`;
    for (const scheduler of ['rr', 'wrr']) {
      const choice = chooseServer(newestFirst(commands(scheduler, 3)), connection('10.0.0.9'));
      assert.equal(show(choice), '10.0.0.2 1');
    }
    for (const scheduler of ['rr', 'wlc', 'sh', 'mh', 'fo', 'lblc']) {
      const choice = chooseServer(newestFirst(commands(scheduler, 0)), connection('10.0.0.9'));
      assert.equal(show(choice), '-', scheduler);
    }
    const none = newestFirst('-A -t 10.96.0.50:80 -s rr\n');
    assert.equal(show(chooseServer(none, connection('10.0.0.9'))), '-');
  });

  test('what no dump tells is unknown, with the reason', () => {
    const two = (scheduler: string) =>
      newestFirst(
        `-A -t 10.96.0.50:80 -s ${scheduler} -b sh-port\n-a -t 10.96.0.50:80 -r 10.0.0.1:80 -m\n-a -t 10.96.0.50:80 -r 10.0.0.2:80 -m\n`,
      );
    const choose = (scheduler: string, kernelOrder: boolean) =>
      show(chooseServer(two(scheduler), connection('10.0.0.9'), { kernelOrder }));
    assert.equal(choose('lc', true), 'by connections');
    assert.match(choose('sh', false), /\/proc\/net\/ip_vs/);
    assert.match(choose('sh', true), /source port/);
    assert.match(choose('lblcr', true), /lblcr/);
    assert.match(choose('fo', false), /order/);
    assert.equal(choose('fo', true), '10.0.0.2:80');
  });
});
