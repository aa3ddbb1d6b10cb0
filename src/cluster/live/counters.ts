import * as l10n from '@vscode/l10n';
import { incompleteness, isIptablesSave } from '../completeness';
import type { CounterText, PodReference } from '../cluster';
import { ClusterError } from '../error';
import { wholeLines } from '../pieces';
import { dumpCommands } from './commands';
import { exec } from './exec';
import type { Api } from './request';

/** Of one table; a node of 5,000 Services prints about 12 MB. */
const byteLimit = 32 * 1024 * 1024;
/** Milliseconds: what takes longer is not asked again and again. */
const timeout = 15_000;
const tables: ReadonlySet<string> = new Set(['nat', 'filter', 'mangle', 'raw', 'security']);
/** `ip kube-proxy` */
const nftTable = /^(ip|ip6|inet|arp|bridge|netdev) ([A-Za-z_][\w./-]*)$/;

/** What is asked by one command, by the name that its text would have as a dump. */
const others: ReadonlyMap<string, readonly string[]> = new Map([
  // Without --exact large numbers are cut to 123K.
  ['ipvsadm-Ln-exact-stats.txt', ['ipvsadm', '-Ln', '--stats', '--exact']],
  ['ip_vs.txt', ['cat', '/proc/net/ip_vs']],
  ['ip_vs_stats.txt', ['cat', '/proc/net/ip_vs_stats']],
]);

/** Undefined where nothing of this name counts, or not by this table. */
function commandOf(dump: string, table: string | undefined): readonly string[] | undefined {
  if (dump === 'nft-list-ruleset.txt') {
    // -t leaves out the elements of sets, which take most of the time: seconds on a big cluster.
    if (table === undefined) return ['nft', '-t', 'list', 'ruleset'];
    const [, family, name] = nftTable.exec(table) ?? [];
    return family && name ? ['nft', '-t', 'list', 'table', family, name] : undefined;
  }
  if (table === undefined && others.has(dump)) return others.get(dump);
  const argv = dumpCommands.find((command) => command.dump === dump)?.argv;
  if (!argv || !isIptablesSave(dump)) return undefined;
  if (table === undefined) return argv;
  return tables.has(table) ? [...argv, '-t', table] : undefined;
}

/**
 * Reads what a node counts: by the command that filled the dump, of one table where that is enough
 * (`iptables-nft-save -c -t nat`). It only reads.
 *
 * @param dump as in a capture: `iptables-nft-save.txt`, or one that captures do not have:
 *   `ipvsadm-Ln-exact-stats.txt`, `ip_vs_stats.txt`
 * @throws ClusterError where there is no whole answer within the limits; `not-found` where the
 *   container lacks the program
 */
export async function readCounters(
  api: Api,
  pod: PodReference,
  dump: string,
  table: string | undefined,
  signal: AbortSignal,
): Promise<CounterText> {
  const command = commandOf(dump, table);
  if (!command) {
    throw new ClusterError('not-found', l10n.t`No command reads the counters of ${dump}.`);
  }
  const started = Date.now();
  const { parts, problem } = await exec(api, { pod, command, signal, timeout, byteLimit });
  const broken = problem ?? incompleteness(dump, parts.slice(-4).join(''), () => parts.join(''));
  if (broken) {
    const reason = broken.kind === 'missing-binary' ? 'not-found' : 'incomplete';
    throw new ClusterError(reason, `${command.join(' ')}: ${broken.message}`);
  }
  return { taken: new Date(started).toISOString(), pieces: () => wholeLines(parts) };
}
