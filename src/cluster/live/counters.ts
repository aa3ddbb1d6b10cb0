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

/**
 * Reads the counters of a node's rules: the command that filled the dump, of one table where that is
 * enough (`iptables-nft-save -c -t nat`). It only reads.
 *
 * @param dump as in a capture: `iptables-nft-save.txt`
 * @throws ClusterError where there is no whole answer within the limits
 */
export async function readCounters(
  api: Api,
  pod: PodReference,
  dump: string,
  table: string | undefined,
  signal: AbortSignal,
): Promise<CounterText> {
  const known = dumpCommands.find((command) => command.dump === dump);
  if (!known || !isIptablesSave(dump) || (table !== undefined && !tables.has(table))) {
    throw new ClusterError('not-found', l10n.t`No command reads the counters of ${dump}.`);
  }
  const command = [...known.argv, ...(table === undefined ? [] : ['-t', table])];
  const started = Date.now();
  const { parts, problem } = await exec(api, { pod, command, signal, timeout, byteLimit });
  const broken = problem ?? incompleteness(dump, parts.slice(-4).join(''), () => parts.join(''));
  if (broken) throw new ClusterError('incomplete', `${command.join(' ')}: ${broken.message}`);
  return { taken: new Date(started).toISOString(), pieces: () => wholeLines(parts) };
}
