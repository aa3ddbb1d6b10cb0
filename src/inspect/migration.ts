import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { complain } from './complain';
import type { Command } from './command';
import type { MigrationCase } from './migration/format';
import { judgePacket } from './migration/judge';
import { endpointsOf, nodeIn } from './migration/node';
import { nodeParser } from './nodeParser';
import { print } from './print';

export const migration: Command = {
  help: `migration DIR...
    For recorded clusters, works out from objects and configuration alone what kube-proxy's iptables
    mode and its nftables mode do with each packet, by tracing it through the expected rules of both,
    and compares with the kernel's answers. Exit code 1 when one differs.`,

  async run(folders) {
    if (folders.length === 0) {
      complain(`No folder is named.\n\n${this.help}`);
      return 2;
    }
    const parser = await nodeParser();
    let [equal, differ] = [0, 0];
    for (const folder of folders) {
      const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
      for (const file of files) {
        const recorded = JSON.parse(await readFile(join(folder, file), 'utf8')) as MigrationCase;
        const nodes = {
          iptables: nodeIn('iptables', recorded, parser),
          nftables: nodeIn('nftables', recorded, parser),
        };
        const endpoints = endpointsOf(recorded);
        const found = recorded.packets.map((packet) => judgePacket(nodes, packet, endpoints));
        const wrong = found.filter(({ length }) => length > 0).length;
        equal += found.length - wrong;
        differ += wrong;
        print(`${file}: equal ${found.length - wrong} differ ${wrong} of ${found.length}`);
        for (const [i, problems] of found.entries()) {
          const { kind } = recorded.packets[i]!;
          for (const problem of problems) print(`  #${i} ${kind}: ${problem}`);
        }
      }
    }
    print(`equal ${equal} differ ${differ} of ${equal + differ}`);
    return differ > 0 ? 1 : 0;
  },
};
