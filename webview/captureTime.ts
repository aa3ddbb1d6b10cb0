import * as l10n from '@vscode/l10n';

/**
 * `captured 21 Nov 13:42`; without a zone it is the node's own time, which no dump compares with
 * ours: `captured 21 Nov 13:42, node time`.
 *
 * @param captured ISO 8601.
 */
export function captureTime(captured: string, language: string, now: Date): string {
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(captured);
  const time = new Date(zoned ? captured : `${captured.replace(/\.\d+$/, '')}Z`);
  if (Number.isNaN(time.getTime())) return l10n.t('captured {0}', captured);
  const format = new Intl.DateTimeFormat(language || 'en', {
    day: 'numeric',
    month: 'short',
    year: time.getFullYear() === now.getFullYear() ? undefined : 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zoned ? undefined : 'UTC',
  });
  const text = format.format(time);
  return zoned ? l10n.t('captured {0}', text) : l10n.t('captured {0}, node time', text);
}
