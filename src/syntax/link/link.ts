import type { Finding } from '../../core/finding';
import type { LinkFacts } from '../../core/links';
import { lineRange, unknownLine, type LineReader } from '../lines';
import { linkDetails } from './linkDetails';

/** `3: veth1@if2: <UP> ...`, and of old versions `3: veth1 state UP @if2: <UP> ...`. */
const device = /^(\d+): ([^:@\s]+)/;

/**
 * Reads `bridge -d link` and `ip -d link`: a line for each device,
 * `3: veth1@if2: <UP> mtu 1500 master cni0 state forwarding priority 32 cost 2`, and its details
 * below, indented.
 */
export function linkParser(source: string): LineReader<readonly LinkFacts[]> {
  const links: LinkFacts[] = [];
  const findings: Finding[] = [];
  return {
    line(text, number) {
      if (text.trim() === '') return;
      const name = device.exec(text)?.[2];
      if (name !== undefined) {
        const master = /\smaster (\S+)/.exec(text)?.[1];
        // `bridge -o link` and `ip -o link` go on after a backslash.
        const details = text.split('\\').slice(1).map(linkDetails);
        links.push({ name, ...(master === undefined ? {} : { master }), ...merged(details) });
        return;
      }
      const last = links.at(-1);
      if (last && /^\s/.test(text)) links[links.length - 1] = { ...last, ...linkDetails(text) };
      else findings.push(unknownLine(lineRange(source, number, text), 'ip link or bridge link'));
    },
    end: () => ({ value: links, findings }),
  };
}

function merged(parts: readonly (Partial<LinkFacts> | undefined)[]): Partial<LinkFacts> {
  return Object.assign({}, ...parts) as Partial<LinkFacts>;
}
