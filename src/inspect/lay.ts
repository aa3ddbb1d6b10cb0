import { join } from 'node:path';
import { connectionText, layConnection } from '../core/packetTrace/connection';
import { groupPackets } from '../core/packetTrace/group';
import { layPacket } from '../core/packetTrace/lay';
import { laidText } from '../core/packetTrace/text';
import type { TextOf } from '../core/packetTrace/place';
import type { NodeState } from '../core/node';
import { parsePacketTrace } from '../syntax/packetTrace/read';
import { pastedText } from '../syntax/pasted/pasted';
import { complain } from './complain';
import type { Command } from './command';
import { readNodeFolder } from './nodeFiles';
import { readText } from './readText';
import { print } from './print';

/** Of a table of 100,000 nobody reads more. */
const mostConnections = 500;

export const lay: Command = {
  help: `lay FILE --node NODE_DIR
    Lays a kernel trace (TRACE: lines, xtables-monitor --trace, nft monitor trace, retis) on the rules
    of a node's dumps: the rule of each line and how well it is known, the rules between that did not
    match and why, and where kernel and dump do not agree. Lines of conntrack (-L, -E) are laid on the
    rule that sends such a connection where it went. Exit code 1 when a step or connection differs.`,

  async run(args) {
    const at = args.indexOf('--node');
    const folder = at < 0 ? undefined : args[at + 1];
    const [file, ...rest] = args.filter((_, i) => at < 0 || (i !== at && i !== at + 1));
    if (file === undefined || folder === undefined || rest.length > 0) {
      complain(`Name one file, and the node's folder after --node.\n\n${this.help}`);
      return 2;
    }
    const read = await readText(file);
    if ('problem' in read) {
      complain(read.problem);
      return 2;
    }
    const { value: lines, findings } = parsePacketTrace(pastedText(read.text), file);
    if (lines.length === 0) {
      complain(findings[0]?.message);
      return 2;
    }
    let node: NodeState;
    try {
      node = (await readNodeFolder(folder)).state;
    } catch (error) {
      complain(error);
      return 2;
    }
    const textOf = await textsOf(node, folder);
    const laid = groupPackets(lines).map((packet) => layPacket(node, packet, textOf));
    if (laid.length > 0) {
      print(laid.map((packet) => laidText(packet).join('\n')).join('\n\n'));
    }
    const connections = lines.flatMap((line) => (line.kind === 'connection' ? [line.entry] : []));
    const some = connections.slice(0, mostConnections).map((entry) => layConnection(node, entry));
    if (laid.length > 0 && some.length > 0) print('');
    for (const connection of some) print(connectionText(connection).join('\n'));
    const more = connections.length - some.length;
    if (more > 0) print(`and ${more} connections more`);
    const differ =
      laid.some(({ steps }) => steps.some((step) => step.differs !== undefined)) ||
      some.some((connection) => connection.differs !== undefined);
    return differ ? 1 : 0;
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
