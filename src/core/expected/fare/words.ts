import { list } from '../../describe/words';
import type { Fare } from './fare';

/** So many endpoints are named. */
const mostNamed = 3;

/** What becomes of a packet for its sender: `an endpoint answers (10.244.1.9:8080), source unchanged`. */
export function fareText(fares: readonly Fare[]): string {
  const groups = new Map<string, Fare[]>();
  for (const fare of fares) {
    const head = headOf(fare);
    const group = groups.get(head);
    if (group) group.push(fare);
    else groups.set(head, [fare]);
  }
  return [...groups].map(([head, group]) => `${head}${detailsOf(group)}`).join(', or ');
}

function headOf({ hears, reply, verdict }: Fare): string {
  switch (hears) {
    case 'endpoint':
      return 'an endpoint answers';
    case 'node':
      return 'the node itself answers, mostly with "connection refused"';
    case 'network':
      return 'passes untranslated';
    case 'reject':
      return `refused${reply === undefined ? '' : ` (${reply})`}`;
    case 'silence':
      return verdict === 'LOST' ? 'lost in routing, no answer' : 'no answer';
    case 'unknown':
      return 'not known';
  }
}

function detailsOf(group: readonly Fare[]): string {
  const ends = [...new Set(group.flatMap(({ destination }) => destination ?? []))].sort();
  if (ends.length === 0) return '';
  const more = ends.length > mostNamed ? ` and ${ends.length - mostNamed} more` : '';
  const sources = [...new Set(group.flatMap(({ source }) => source ?? []))].sort();
  const from = sources.length === 0 ? '' : `, source ${sources.join(' or ')}`;
  return ` (${list(ends.slice(0, mostNamed))}${more}${from})`;
}
