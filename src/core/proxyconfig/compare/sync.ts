import { configKey } from '../keys';
import { defaultIn, type ProxyMode } from '../keys/key';
import { durationOf } from '../value';
import { newestMinor } from '../version';
import { applied, differs, unknown, unused, type Compare } from './comparison';

/** syncPeriod or minSyncPeriod of the mode's section, against what the log says it started with. */
export function compareSync(section: ProxyMode, key: 'syncPeriod' | 'minSyncPeriod'): Compare {
  const entry = configKey(`${section}.${key}`)!;
  return (settings, { log, version }) => {
    const fallback = durationOf(defaultIn(entry, version?.minor ?? newestMinor) ?? '0') ?? 0;
    const seconds = settings.seconds(`${section}.${key}`, fallback);
    if (seconds === undefined || settings.mode === undefined) return undefined;
    if (settings.mode !== section) return unused(`Mode ${settings.mode} does not use it.`);
    if (!log?.sync) return unknown("No log of kube-proxy's start is at hand, which names it.");
    const now = log.sync[key];
    const text = `By its log, kube-proxy started with ${now}.`;
    // 0 stands for the default (defaults.go).
    return durationOf(now) === (seconds === 0 ? fallback : seconds)
      ? applied(text, log.sync.range)
      : differs(text, log.sync.range);
  };
}
