import type { Layout, Point, Size } from '../layout/placed';
import { margin, readable } from './viewport';

type Box = Size & Point;

/** The box around who asks: the first column. */
export function startOf({ nodes }: Layout): Box {
  const first = nodes.filter(({ column }) => column === 0);
  return first.length > 0 ? boxAround(first) : { x: 0, y: 0, width: 0, height: 0 };
}

/**
 * All endpoints where there is room for them at the smallest scale that can be read, else the first;
 * without any, what becomes of packets.
 */
export function endOf({ nodes }: Layout, panel: Size): Box | undefined {
  const endpoints = nodes.filter(({ node }) => node.kind === 'endpoint' || node.kind === 'group');
  const ends = endpoints.length > 0 ? endpoints : nodes.slice(-1);
  const [first] = ends;
  if (!first) return undefined;
  const all = boxAround(ends);
  const fits = (length: number, room: number) => length * readable + 2 * margin <= room;
  return fits(all.width, panel.width) && fits(all.height, panel.height) ? all : first;
}

function boxAround(nodes: readonly Box[]): Box {
  const x = Math.min(...nodes.map((node) => node.x));
  const y = Math.min(...nodes.map((node) => node.y));
  const right = Math.max(...nodes.map((node) => node.x + node.width));
  const bottom = Math.max(...nodes.map((node) => node.y + node.height));
  return { x, y, width: right - x, height: bottom - y };
}
