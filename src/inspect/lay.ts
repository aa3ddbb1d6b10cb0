import { join } from 'node:path';
import { groupPackets } from '../core/packetTrace/group';
import { layPacket } from '../core/packetTrace/lay';
import { laidText } from '../core/packetTrace/text';
import type { TextOf } from '../core/packetTrace/place';
import type { NodeState } from '../core/node';
import { parsePacketTrace } from '../syntax/packetTrace/read';
import { pastedText } from '../syntax/pasted/pasted';
import type { Command } from './command';
import { readNodeFolder } from './nodeFiles';
import { readText } from './readText';

export const lay: Command = {
  help: `lay FILE --node NODE_DIR
    Lays a kernel trace (TRACE: lines, xtables-monitor --trace, nft monitor trace, retis) on the rules
    of a node's dumps: the rule of each line and how well it is known, the rules between that did not
    match and why, and where kernel and dump do not agree. Exit code 1 when a step differs.`,

  async run(args) {
    const at = args.indexOf('--node');
    const folder = at < 0 ? undefined : args[at + 1];
    const [file, ...rest] = args.filter((_, i) => at < 0 || (i !== at && i !== at + 1));
    if (file === undefined || folder === undefined || rest.length > 0) {
      console.error(`Name one file, and the node's folder after --node.\n\n${this.help}`);
      return 2;
    }
    const read = await readText(file);
    if ('problem' in read) {
      console.error(read.problem);
      return 2;
    }
    const { value: lines, findings } = parsePacketTrace(pastedText(read.text), file);
    if (lines.length === 0) {
      console.error(findings[0]?.message);
      return 2;
    }
    let node: NodeState;
    try {
      node = (await readNodeFolder(folder)).state;
    } catch (error) {
      console.error(error instanceof Error ? error.message : String(error));
      return 2;
    }
    const textOf = await textsOf(node, folder);
    const laid = groupPackets(lines).map((packet) => layPacket(node, packet, textOf));
    console.log(laid.map((packet) => laidText(packet).join('\n')).join('\n\n'));
    const connections = lines.filter(({ kind }) => kind === 'connection').length;
    if (connections > 0) console.log(`\n${connections} lines of conntrack, which name no rule`);
    return laid.some(({ steps }) => steps.some(({ differs }) => differs !== undefined)) ? 1 : 0;
  },
};

/** The lines of the node's rule dumps. */
async function textsOf({ rulesets, nftables }: NodeState, folder: string): Promise<TextOf> {
  const lines = new Map<string, readonly string[]>();
  const sources = [...rulesets.map(({ source }) => source), ...(nftables ? [nftables.source] : [])];
  for (const source of sources) {
    const read = await readText(join(folder, source));
    lines.set(source, 'text' in read ? pastedText(read.text).split('\n') : []);
  }
  return ({ source, line }) => lines.get(source)?.[line];
}
