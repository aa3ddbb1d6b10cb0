import assert from 'node:assert/strict';
import { leaves } from '../../../src/core/trace/leaves';
import { traceFlow } from '../../../src/core/trace/tracer';
import { node, oneChain, packet } from './helper';

const web = packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0');

/** Why the ways of a packet part at a rule of forward with these statements. */
function reasons(statements: string): readonly string[] {
  const state = { ...node(), nftables: oneChain(`${statements} drop`) };
  const found = leaves(traceFlow(state, web).path).flatMap(({ branches, verdict }) => [
    ...branches.map(({ unknown }) => unknown),
    verdict.kind === 'UNKNOWN' ? verdict.reason : undefined,
  ]);
  return [...new Set(found.filter((text) => text !== undefined))];
}

suite('what stays unknown names what would decide it', () => {
  for (const [statements, named] of Object.entries({
    'ct label 3': /`conntrack -L -o labels`/,
    'ct count over 10': /`conntrack -L`/,
    'ct expiration > 30s': /`conntrack -L`/,
    'meta priority 1:2': /socket or tc .*`tc filter show`/,
    'meta hour 10-12': /clock/,
    'tcp window 100': /tcp window .*`tcpdump /,
    'tcp doff 5': /tcp doff .*`tcpdump /,
    'tcp sequence 1': /tcp sequence .*`tcpdump /,
    'tcp option maxseg size 1460': /tcp option maxseg size .*`tcpdump /,
    'ip id 7': /ip id .*`tcpdump /,
    'rt classid 5': /`ip route`/,
    'ipsec in reqid 1': /`ip xfrm policy`/,
    'socket transparent 1': /`ss /,
    'osf name "Linux"': /SYN .*`tcpdump /,
    'xt match "string"': /`iptables-save`/,
    '# string "abc" counter': /`iptables-save`/,
    'xt target "TEE2"': /`iptables-save`/,
    'counter xt target "DNAT"': /DNAT.*`iptables-save`/,
  })) {
    test(statements, () => {
      const found = reasons(statements);
      assert.ok(found.length > 0, 'nothing is unknown');
      for (const reason of found) assert.match(reason, named);
    });
  }
});
