import { expectedRules } from '../src/core/expected';
import { agreementOf } from '../src/core/expected/agreement/agreement';
import { compareChains } from '../src/core/expected/compare/chains';
import { usualKernel, type ExpectedInput } from '../src/core/expected/input';
import { proxiedSlices } from '../src/core/expected/slices';
import { savedText } from '../src/core/expected/text';
import type { EndpointSliceObject, ServiceObject } from '../src/core/objects/types';
import { readSettings } from '../src/core/proxyconfig/settings';
import { finish, type Work } from '../src/core/work';
import { savedRules } from '../src/syntax/expected/savedRules';
import type { Row } from './language';
import { formatMs, inPieces, median, times } from './measure';

/** What kube-proxy should have written for 5,000 Services of 10 endpoints, and its comparison with a dump. */
export function measureExpected(): readonly Row[] {
  const input = clusterOf(5000, 10);
  const compute = times(3, () => finish(expectedRules(input, 4)));
  const ruleset = finish(expectedRules(input, 4))!;
  const lines = savedText(ruleset).split('\n');
  const compare = times(3, () => {
    const { differences } = finish(compareChains(ruleset, finish(savedRules(lines))));
    return differences.length;
  });
  // Each tenth rule leads elsewhere: what differs is put in order by Service ports, with its reasons.
  const other = lines.map((line, i) =>
    i % 10 === 0 ? line.replace(/ -j KUBE-SEP-/, ' -j X-') : line,
  );
  const judge = function* (): Work<unknown> {
    const comparison = yield* compareChains(ruleset, yield* savedRules(other));
    return yield* agreementOf(ruleset, comparison, { slices: proxiedSlices(input) });
  };
  const judging = times(3, () => finish(judge()));
  const slices = [inPieces(expectedRules(input, 4)).longest, inPieces(judge()).longest] as const;
  return [
    ['5k Services: expected rules', formatMs(median(compute)), 'under 1.5 s'],
    ['5k Services: longest slice', formatMs(slices[0]), 'under 50 ms'],
    [`${lines.length} lines compared with them`, formatMs(median(compare)), 'under 2 s'],
    ['... a tenth of them wrong, judged', formatMs(median(judging)), 'under 2 s'],
    ['... longest slice', formatMs(slices[1]), 'under 50 ms'],
  ];
}

export function clusterOf(services: number, endpoints: number): ExpectedInput {
  const objects = {
    services: [] as ServiceObject[],
    endpointSlices: [] as EndpointSliceObject[],
    endpoints: [],
    nodes: [],
    pods: [],
  };
  for (let i = 0; i < services; i++) {
    const name = `service-${i}`;
    const meta = { namespace: 'bench', labels: {} };
    objects.services.push({
      kind: 'Service',
      metadata: { ...meta, name },
      spec: {
        type: i % 50 === 0 ? 'NodePort' : 'ClusterIP',
        clusterIPs: [`10.${96 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`],
        ports: [
          {
            name: 'http',
            protocol: 'TCP',
            port: 80,
            ...(i % 50 === 0 && { nodePort: 30000 + i / 50 }),
          },
        ],
        selector: {},
        externalIPs: [],
        loadBalancerSourceRanges: [],
        publishNotReadyAddresses: false,
        ...(i % 100 === 0 && { sessionAffinity: 'ClientIP', sessionAffinityTimeout: 10800 }),
      },
      status: { loadBalancer: { ingress: [] } },
    });
    objects.endpointSlices.push({
      kind: 'EndpointSlice',
      metadata: { ...meta, name, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
      endpoints: Array.from({ length: endpoints }, (_, j) => ({
        addresses: [`10.244.${(i * endpoints + j) >> 8}.${(i * endpoints + j) & 255}`],
        forZones: [],
        forNodes: [],
      })),
    });
  }
  const settings = readSettings(undefined);
  return { objects, settings, release: 36, node: { name: 'node-a', kernel: usualKernel } };
}
