import type { ProxyLog } from '../../core/proxyconfig/log';
import { lineRange, type LineReader } from '../lines';

/**
 * What kube-proxy says of itself when it starts. Of a log with several starts the last counts.
 *
 * ```text
 * I1121 08:04:30.789021    1186 server_others.go:185] Using iptables Proxier.
 * I1121 13:52:53.777486     621 server_linux.go:194] "Using ipvs Proxier"
 * I1121 13:52:53.848679     621 proxier.go:402] "ipvs sync params" ipFamily="IPv4" minSyncPeriod="0s" syncPeriod="30s"
 * ```
 */
export function proxyLogParser(source: string): LineReader<ProxyLog> {
  let log: { -readonly [K in keyof ProxyLog]: ProxyLog[K] } = {};
  return {
    line(text, number) {
      if (text.trim() !== '') log.zoneMissing = zoneMissing.test(text);
      if (!telling.test(text)) return;
      const range = lineRange(source, number, text);
      const mode = /\bUsing (iptables|ipvs|nftables|userspace) Proxier/.exec(text)?.[1];
      // Of one start, only the version may come before the mode.
      if (mode !== undefined) {
        const name = mode as NonNullable<ProxyLog['mode']>['name'];
        log = { version: log.version, zoneMissing: false, mode: { name, range } };
      }
      const version = /\bVersion: (v1\.[^\s"]+)|"Version info" version="(v1\.[^"]+)"/.exec(text);
      if (version) log.version = version[1] ?? version[2];
      const sync = /\bminSyncPeriod="?([\w.µ]+)"?,? syncPeriod="?([\w.µ]+)/.exec(text);
      if (sync && /sync params/i.test(text)) {
        log.sync ??= { minSyncPeriod: sync[1]!, syncPeriod: sync[2]!, range };
      }
      if (/can't use the ipvs proxier|IPVS proxier will not be used/i.test(text)) {
        log.ipvsProblem = { text: problemOf(text), range };
      }
    },
    end: () => ({ value: log, findings: [] }),
  };
}

/** Each sync says so again while kube-proxy has not heard of its Node (pkg/proxy/topology.go). */
const zoneMissing = /Ignoring same-zone topology hints/;

/** What one of the lines above has. */
const telling = /proxier|version|sync params/i;

/** The message without klog's head: `E1121 08:04:30.768921    1186 server.go:1] `. */
function problemOf(line: string): string {
  return line.replace(/^[IWEF]\d{4} [\d:.]+ +\d+ [\w.]+:\d+\] /, '');
}
