import { nodeParser } from '../src/inspect/nodeParser';
import { traceFlow } from '../src/core/trace/tracer';
import { dumpText, nodeOf, packetsTo, type FreshTraces } from './trace';

/**
 * Run in a process of its own: 100 traces after the first one, to Services all over the dump, before
 * anything of it is compiled. Prints the milliseconds of CPU of each, in ascending order.
 */
const count = 100;

interface SinceNode24 {
  readonly threadCpuUsage?: () => NodeJS.CpuUsage;
}

/** CPU of this thread where Node tells it: neither other programs nor its own compiler's threads count. */
function cpu(): number {
  const { threadCpuUsage = () => process.cpuUsage() } = process as SinceNode24;
  const { user, system } = threadCpuUsage();
  return (user + system) / 1000;
}

const text = dumpText(process.argv[2]!);
const packets = packetsTo(text);
const node = nodeOf(text, await nodeParser());
traceFlow(node, packets[0]!);
const traces: FreshTraces = Array.from({ length: count }, (_, i) => {
  const packet = packets[Math.floor(((i + 1) * (packets.length - 1)) / count)]!;
  const before = cpu();
  traceFlow(node, packet);
  return cpu() - before;
});
console.log(JSON.stringify(traces.toSorted((left, right) => left - right)));
