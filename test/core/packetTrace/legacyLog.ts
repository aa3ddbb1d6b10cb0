import { parseAddress } from '../../../src/core/address';
import type { NodeState } from '../../../src/core/node';
import type { Packet } from '../../../src/core/packet';
import { leaves } from '../../../src/core/trace/leaves';
import { traceFlow } from '../../../src/core/trace/tracer';

/** From a pod of samples/kubernetes-1.36-iptables' node-a to the ClusterIP of default/whoami. */
export const packet = {
  protocol: 6,
  source: parseAddress('10.244.0.9')!,
  sourcePort: 47644,
  destination: parseAddress('10.99.205.136')!,
  destinationPort: 3000,
  flags: 2,
  inInterface: 'cni0',
};

/** The lines that a legacy kernel would log of the first way through the rules. */
export function legacyLog(own: NodeState, packet: Packet): string {
  const [way] = leaves(traceFlow(own, packet).path);
  let to = '10.99.205.136';
  let port = 3000;
  const lines: string[] = [];
  for (const step of way!.steps) {
    if (step.kind === 'nat') {
      to = step.after.destination.words
        .map((word) => [24, 16, 8, 0].map((bits) => (word >>> bits) & 0xff).join('.'))
        .join();
      port = step.after.destinationPort!;
    }
    if (step.kind !== 'rule' && step.kind !== 'policy' && step.kind !== 'return') continue;
    const table = [...own.rulesets[0]!.tables.values()].find(({ name }) => name === step.table)!;
    const number = step.kind === 'rule' ? step.rule : table.chains.get(step.chain)!.length + 1;
    const mark = step.mark ? ` MARK=0x${step.mark.toString(16)}` : '';
    const device = step.hook === 'postrouting' ? 'IN= OUT=cni0' : 'IN=cni0 OUT=';
    lines.push(
      `Mar 23 23:51:35 w kernel: [1.5] TRACE: ${step.table}:${step.chain}:${step.kind}:${number} ${device} SRC=10.244.0.9 DST=${to} LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=31766 DF PROTO=TCP SPT=47644 DPT=${port} SEQ=1655794081 ACK=0 WINDOW=29200 RES=0x00 SYN URGP=0${mark}`,
    );
  }
  return lines.join('\n');
}
