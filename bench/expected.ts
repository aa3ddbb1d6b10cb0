import { expectedRules } from '../src/core/expected';
import { compareChains } from '../src/core/expected/compare/chains';
import { usualKernel, type ExpectedInput } from '../src/core/expected/input';
import { savedText } from '../src/core/expected/text';
import type { EndpointSliceObject, ServiceObject } from '../src/core/objects/types';
import { readSettings } from '../src/core/proxyconfig/settings';
import { finish } from '../src/core/work';
import { savedRules } from '../src/syntax/expected/savedRules';
import type { Row } from './language';
import { formatMs, median, times } from './measure';

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
  const longest = longestSlice(input);
  return [
    ['5k Services: expected rules', formatMs(median(compute)), 'under 1.5 s'],
    ['5k Services: longest slice', formatMs(longest), 'under 50 ms'],
    [`${lines.length} lines compared with them`, formatMs(median(compare)), 'under 2 s'],
  ];
}

function longestSlice(input: ExpectedInput): number {
  const work = expectedRules(input, 4);
  let longest = 0;
  for (;;) {
    const start = performance.now();
    const { done } = work.next();
    longest = Math.max(longest, performance.now() - start);
    if (done) return longest;
  }
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
