import { isShellPrompt } from '../../shellPrompt';
import type { TakenLine } from '../cut';

/** A line of a map of kube-proxy's, as nft prints each of its elements. */
const element =
  /^\s*(?:elements = \{ )?(?:([\da-fA-F:.]{2,45}) \. )?(?:[a-z]{1,10}|\d{1,3}) \. \w{1,20} (?:comment "([^"]{0,300})" )?: (?:(?:goto|jump) ([^\s,{}]{1,300})|drop)(?:,| \})?$/;

/** The beginning of a block or of a table: what follows is not of the block before. */
const header = /^\s*(?:table|chain|set|map) \S+ /;

type Family = 'ip' | 'ip6';

interface Stray {
  readonly map: string;
  readonly taken: TakenLine;
}

/** Those of one family in the output of one command, which make one table. */
interface Gathered {
  readonly family: Family;
  /** Line of the first. */
  readonly line: number;
  readonly strays: Stray[];
  /** Lines of the braces that close maps whose beginning was left out. */
  readonly braces: number[];
}

/**
 * Puts elements of kube-proxy's maps whose map was left out (`nft list ruleset | grep web`) back into
 * one, in a table that is not known to its end. The verdict and the key tell which map it was; no other
 * map of kube-proxy has a verdict for an address and a port.
 *
 * @returns undefined where there are none, or the listing has the table itself
 */
export function withMaps(lines: readonly string[]): readonly TakenLine[] | undefined {
  if (!lines.some((line) => element.test(line))) return undefined;
  if (lines.some((line) => /^\s*table ip6? kube-proxy \{/.test(line))) return undefined;
  const tables = new Map<number, Gathered>();
  const gone = new Set<number>();
  for (const gathered of gather(lines)) {
    tables.set(gathered.line, gathered);
    for (const { taken } of gathered.strays) gone.add(taken.line);
    for (const brace of gathered.braces) gone.add(brace);
  }
  if (tables.size === 0) return undefined;
  return lines.flatMap((text, line) => {
    const table = tables.get(line);
    if (table) return tableOf(table);
    return gone.has(line) ? [] : [{ text, line, column: 0 }];
  });
}

function gather(lines: readonly string[]): readonly Gathered[] {
  const all: Gathered[] = [];
  let open = new Map<Family, Gathered>();
  let isInMap = false;
  lines.forEach((text, line) => {
    if (isShellPrompt(text)) {
      open = new Map();
      isInMap = false;
    } else if (header.test(text)) isInMap = /^\s*map /.test(text);
    else if (/^\s*(?:\}|--|\.\.\.)\s*$/.test(text)) isInMap = false;
    const [whole, address, comment, chain] = isInMap ? [] : (element.exec(text) ?? []);
    if (whole === undefined) return;
    // Of a NodePort, which names no address, the IPv4 table's.
    const family = address?.includes(':') ? 'ip6' : 'ip';
    let gathered = open.get(family);
    if (!gathered) {
      gathered = { family, line, strays: [], braces: [] };
      open.set(family, gathered);
      all.push(gathered);
    }
    const map = mapOf(chain, comment !== undefined, address !== undefined);
    gathered.strays.push({ map, taken: plainElement(text, line) });
    if (text.endsWith(' }') && /^\s*\}\s*$/.test(lines[line + 1] ?? '')) {
      gathered.braces.push(line + 1);
    }
  });
  return all;
}

function plainElement(text: string, line: number): TakenLine {
  const begins = text.trimStart().replace(/^elements = \{ /, '');
  return {
    text: `${begins.replace(/(?: \}|,)$/, '')},`,
    line,
    column: text.length - begins.length,
  };
}

/** pkg/proxy/nftables/proxier.go: which map has such elements. */
function mapOf(chain: string | undefined, isNamed: boolean, hasAddress: boolean): string {
  if (chain?.startsWith('firewall-')) return 'firewall-ips';
  const refuses = chain === undefined || isNamed || chain === 'reject-chain';
  if (refuses) return hasAddress ? 'no-endpoint-services' : 'no-endpoint-nodeports';
  return hasAddress ? 'service-ips' : 'service-nodeports';
}

function tableOf({ family, line, strays }: Gathered): readonly TakenLine[] {
  const own = (text: string): TakenLine => ({ text, line, column: 0 });
  const key = `${family === 'ip' ? 'ipv4' : 'ipv6'}_addr . `;
  const maps = [...new Set(strays.map(({ map }) => map))].flatMap((map) => {
    const type = `${map.endsWith('nodeports') ? '' : key}inet_proto . inet_service : verdict`;
    const elements = strays.filter((one) => one.map === map).map(({ taken }) => taken);
    const begin = [`map ${map} {`, `type ${type}`, '...', 'elements = {'].map(own);
    return [...begin, ...elements, own('}'), own('}')];
  });
  return [own(`table ${family} kube-proxy {`), ...maps, own('...')];
}
