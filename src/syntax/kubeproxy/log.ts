import type { ProxyLog } from '../../core/proxyconfig/node';
import { linesOf, lineRange } from '../lines';

/**
 * What kube-proxy says of itself when it starts. Of a log with several starts the last counts.
 *
 * ```text
 * I1121 08:04:30.789021    1186 server_others.go:185] Using iptables Proxier.
 * I1121 13:52:53.777486     621 server_linux.go:194] "Using ipvs Proxier"
 * I1121 13:52:53.848679     621 proxier.go:402] "ipvs sync params" ipFamily="IPv4" minSyncPeriod="0s" syncPeriod="30s"
 * ```
 */
export function readProxyLog(text: string, source: string): ProxyLog {
  let log: { -readonly [K in keyof ProxyLog]: ProxyLog[K] } = {};
  let number = 0;
  for (const line of linesOf(text)) {
    const range = lineRange(source, number++, line);
    const mode = /\bUsing (iptables|ipvs|nftables|userspace) Proxier/.exec(line)?.[1];
    // Of one start, only the version may come before the mode.
    if (mode !== undefined) {
      const name = mode as NonNullable<ProxyLog['mode']>['name'];
      log = { version: log.version, mode: { name, range } };
    }
    const version =
      /\bVersion: (v1\.[^\s"]+)/.exec(line) ?? /"Version info" version="(v1\.[^"]+)"/.exec(line);
    if (version) log.version = version[1];
    const sync = /sync params.*?\bminSyncPeriod="?([\w.µ]+)"?,? syncPeriod="?([\w.µ]+)/i.exec(line);
    if (sync) log.sync ??= { minSyncPeriod: sync[1]!, syncPeriod: sync[2]!, range };
    if (/can't use the ipvs proxier|IPVS proxier will not be used/i.test(line)) {
      log.ipvsProblem = { text: problemOf(line), range };
    }
  }
  return log;
}

/** The message without klog's head: `E1121 08:04:30.768921    1186 server.go:1] `. */
function problemOf(line: string): string {
  return line.replace(/^[IWEF]\d{4} [\d:.]+ +\d+ [\w.]+:\d+\] /, '');
}
