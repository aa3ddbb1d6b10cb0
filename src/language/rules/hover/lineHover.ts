import { code, strong, type Block } from '../../../workspace/hover/content';

const tables: Readonly<Record<string, string>> = {
  raw: 'Asked first, before connection tracking; can leave packets out of it.',
  mangle: 'Changes packets and marks, before nat and filter at each hook.',
  nat: 'Rewrites addresses. Only the first packet of a connection is asked; all others follow it.',
  filter: 'Accepts, drops or rejects packets to, through and from this node.',
  security: 'Sets SELinux marks; asked after filter.',
};

/** `*nat`: what the table is for. */
export function tableBlocks(name: string): Block[] {
  const sentence = Object.hasOwn(tables, name) ? tables[name]! : 'Not a table of the kernel.';
  return [[strong('Table'), ' ', code(name)], [sentence]];
}

/** `[12:720]`, before a rule or behind a chain: packets and bytes. */
export function counterBlocks(text: string): Block[] | undefined {
  const counters = /^\[(\d+):(\d+)\]$/.exec(text);
  if (!counters) return undefined;
  return [[`${counters[1]} packets, ${counters[2]} bytes were counted here.`]];
}
