import { parseAddress } from '../../core/address';
import type { Finding } from '../../core/finding';
import type { Neighbour } from '../../core/links';
import { lineRange, unknownLine, type LineReader } from '../lines';

const mac = /^[\da-f]{1,2}(:[\da-f]{1,2}){5}$/i;
const noMac = '00:00:00:00:00:00';

/**
 * Reads who is behind which frame address: `10.244.1.5 dev cni0 lladdr 0a:58:0a:f4:01:05 STALE`
 * (`ip neigh`), `10.244.1.5 0x1 0x2 0a:58:0a:f4:01:05 * cni0` (/proc/net/arp), the same with other
 * columns (`arp -n`), `? (10.244.1.5) at 0a:58:0a:f4:01:05 [ether] on cni0` (`arp -a`).
 */
export function neighbourParser(source: string): LineReader<readonly Neighbour[]> {
  const neighbours: Neighbour[] = [];
  const findings: Finding[] = [];
  return {
    line(text, number) {
      const words = text.trim().split(/\s+/);
      const head = words[0]!;
      if (head === '' || head === 'Address' || head === 'IP' || head === 'Entries:') return;
      const address = parseAddress(head) ?? addressInBrackets(words[1]);
      const frame = words.find((word) => mac.test(word));
      const device = valueBehind(words, 'dev') ?? valueBehind(words, 'on') ?? words.at(-1)!;
      // Those that did not answer have none: FAILED, INCOMPLETE, <incomplete>.
      if (address && frame !== undefined && frame !== noMac) {
        neighbours.push({ address, mac: frame.toLowerCase(), device });
      } else if (!address && parseAddress(words[0]!.replace(/^\S+@/, '')) === undefined) {
        // `arp` without -n prints names, which say nothing of addresses.
        if (frame === undefined && !text.includes('incomplete')) {
          findings.push(unknownLine(lineRange(source, number, text), 'ip neigh or arp'));
        }
      }
    },
    end: () => ({ value: neighbours, findings }),
  };
}

function addressInBrackets(word: string | undefined): Neighbour['address'] | undefined {
  return parseAddress(/^\((.+)\)$/.exec(word ?? '')?.[1] ?? '');
}

function valueBehind(words: readonly string[], name: string): string | undefined {
  const at = words.indexOf(name);
  return at < 0 ? undefined : words[at + 1];
}
