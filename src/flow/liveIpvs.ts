import { ClusterError } from '../cluster/error';
import {
  connectionsOf,
  ipvsRates,
  ipvsTold,
  packetsOf,
  type IpvsReading,
} from '../core/flow/counters/liveIpvs';
import { ipvsStatisticsParser, parseProcIpvsStatistics } from '../syntax/ipvs/statistics';
import { ipvsTableParser } from '../syntax/ipvs/table';
import { parseLinesInSlices, type LineReader } from '../syntax/lines';
import type { CounterReader } from '../workspace/clusters/dumpFiles';
import { pause } from '../workspace/slices';
import type { LiveSource } from './live';

/**
 * What a node's IPVS counts: by ipvsadm, and where the container has none (kube-proxy's image), what
 * /proc tells.
 *
 * @param edges of a graph, with the virtual or real server that each leads to
 */
export function liveIpvs(
  edges: ReadonlyMap<string, string>,
  read: CounterReader,
): LiveSource<IpvsReading> {
  const textOf = async (dump: string, signal: AbortSignal) => {
    const { taken, pieces } = await read(dump, undefined, signal);
    const parts: string[] = [];
    for await (const piece of pieces()) parts.push(piece);
    return { taken: Date.parse(taken), text: parts.join('') };
  };
  const parse = async <T>(text: string, reader: LineReader<T>) =>
    (await parseLinesInSlices(text, reader, pause)).value;

  const byProgram = async (signal: AbortSignal): Promise<IpvsReading> => {
    const { taken, text } = await textOf('ipvsadm-Ln-exact-stats.txt', signal);
    const { rows } = await parse(text, ipvsStatisticsParser(''));
    return { taken, packets: packetsOf(rows) };
  };
  const byProc = async (signal: AbortSignal): Promise<IpvsReading> => {
    const { taken, text } = await textOf('ip_vs.txt', signal);
    const totals = await textOf('ip_vs_stats.txt', signal);
    return {
      taken,
      connections: connectionsOf(await parse(text, ipvsTableParser('', true))),
      perSecond: parseProcIpvsStatistics(totals.text)?.perSecond,
    };
  };
  let way = byProgram;
  return {
    async read(signal) {
      try {
        return await way(signal);
      } catch (error) {
        const missing = error instanceof ClusterError && error.reason === 'not-found';
        if (!missing || way === byProc) throw error;
        way = byProc;
        return byProc(signal);
      }
    },
    rates: (between) => ipvsRates(edges, between),
    told: ipvsTold,
  };
}
