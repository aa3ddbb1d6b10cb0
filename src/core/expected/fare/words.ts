import * as l10n from '@vscode/l10n';
import { append } from '../../append';
import { list } from '../../list';
import type { Fare } from './fare';

/** So many endpoints are named. */
const mostNamed = 3;

/** What becomes of a packet for its sender: `an endpoint answers (10.244.1.9:8080), source unchanged`. */
export function fareText(fares: readonly Fare[]): string {
  const groups = new Map<string, Fare[]>();
  for (const fare of fares) append(groups, headOf(fare), fare);
  return [...groups].map(([head, group]) => `${head}${detailsOf(group)}`).join(l10n.t(', or '));
}

function headOf({ hears, reply, verdict }: Fare): string {
  switch (hears) {
    case 'endpoint':
      return l10n.t('an endpoint answers');
    case 'node':
      return l10n.t('the node itself answers, mostly with "connection refused"');
    case 'network':
      return l10n.t('passes untranslated');
    case 'reject':
      return reply === undefined ? l10n.t('refused') : l10n.t('refused ({0})', reply);
    case 'silence':
      return verdict === 'LOST' ? l10n.t('lost in routing, no answer') : l10n.t('no answer');
    case 'unknown':
      return l10n.t('not known');
  }
}

function detailsOf(group: readonly Fare[]): string {
  const ends = [...new Set(group.flatMap(({ destination }) => destination ?? []))].sort();
  if (ends.length === 0) return '';
  const named = list(ends.slice(0, mostNamed));
  const more = ends.length - mostNamed;
  const all = more > 0 ? l10n.t('{0} and {1} more', named, more) : named;
  const sources = [...new Set(group.flatMap(({ source }) => source ?? []))].sort();
  if (sources.length === 0) return ` (${all})`;
  return ` (${l10n.t('{0}, source {1}', all, list(sources.map(sourceText), 'or'))})`;
}

function sourceText(source: string): string {
  return source === 'unchanged' ? l10n.t('unchanged') : source;
}
