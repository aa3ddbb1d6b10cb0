import * as l10n from '@vscode/l10n';

const units: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'days'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/**
 * How old a capture is: `12 s ago`, `3 days ago`. Without a zone the time is the node's own, and no
 * dump tells how that compares with ours: `at 2026-11-21 10:00:00 by the node's clock`.
 *
 * @param captured ISO 8601.
 */
export function captureAge(captured: string, now: Date): string {
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(captured);
  const time = Date.parse(captured);
  if (!zoned || Number.isNaN(time))
    return l10n.t`at ${captured.replace('T', ' ')} by the node's clock`;
  const seconds = Math.max(0, Math.round((now.getTime() - time) / 1000));
  const [size, name] = units.find(([unit]) => seconds >= unit) ?? [1, 's'];
  const n = Math.floor(seconds / size);
  if (name !== 'days') return l10n.t`${n} ${name} ago`;
  return n === 1 ? l10n.t('1 day ago') : l10n.t`${n} days ago`;
}
