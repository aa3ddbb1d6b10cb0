import * as l10n from '@vscode/l10n';
import { configKey } from '../keys';
import { defaultIn, type ProxyMode } from '../keys/key';
import { durationOf } from '../value';
import { newestMinor } from '../version';
import { applied, differs, unknown, unusedInMode, type Compare } from './comparison';

/** syncPeriod or minSyncPeriod of the mode's section, against what the log says it started with. */
export function compareSync(section: ProxyMode, key: 'syncPeriod' | 'minSyncPeriod'): Compare {
  const entry = configKey(`${section}.${key}`)!;
  return (settings, { log, version }) => {
    const fallback = durationOf(defaultIn(entry, version?.minor ?? newestMinor) ?? '0') ?? 0;
    const seconds = settings.seconds(`${section}.${key}`, fallback);
    if (seconds === undefined || settings.mode === undefined) return undefined;
    if (settings.mode !== section) return unusedInMode(settings.mode);
    if (!log?.sync)
      return unknown(l10n.t("The log of kube-proxy's start, which names it, is missing."));
    const now = log.sync[key];
    const text = l10n.t`By its log, kube-proxy started with ${now}.`;
    // 0 stands for the default (defaults.go).
    return durationOf(now) === (seconds === 0 ? fallback : seconds)
      ? applied(text, log.sync.range)
      : differs(text, log.sync.range);
  };
}
