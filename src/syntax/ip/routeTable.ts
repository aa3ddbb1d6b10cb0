import { parseAddress, parseNetwork } from '../../core/address';
import type { Finding } from '../../core/finding';
import type { Route } from '../../core/node';
import { lineRange, unknownLine, type LineReader } from '../lines';

/**
 * Reads `route -n` and `netstat -rn`, which print table main of IPv4:
 * `10.244.1.0      10.0.0.2        255.255.255.0   UG    0      0        0 eth0`.
 */
export function routeTableParser(source: string): LineReader<readonly Route[]> {
  const routes: Route[] = [];
  const findings: Finding[] = [];
  return {
    line(text, line) {
      if (/^\s*$|^Kernel IP routing table|^Destination\s+Gateway/.test(text)) return;
      const range = lineRange(source, line, text);
      const words = text.trim().split(/\s+/);
      const [target = '', gateway = '', mask = '', flags = '', metric = '0'] = words;
      const destination = parseNetwork(`${target === 'default' ? '0.0.0.0' : target}/${mask}`);
      if (!destination || words.length < 8) {
        findings.push(unknownLine(range, 'route -n'));
        return;
      }
      const via = flags.includes('G') ? parseAddress(gateway) : undefined;
      routes.push({
        type: flags.includes('!') ? 'unreachable' : 'unicast',
        destination,
        table: 'main',
        nextHops: [{ device: words.at(-1), weight: 1, ...(via && { via }) }],
        metric: Number(metric) || 0,
        flags: [],
        range,
      });
    },
    end: () => ({ value: routes, findings }),
  };
}
