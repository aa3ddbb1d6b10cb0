import type { FlowEdge, FlowEntry, FlowGraph, FlowNode } from '../../src/core/flow/graph';
import { percent } from '../../src/core/percent';

const range = (line: number) => ({ source: 'node-a.iptables', line, start: 0, end: 80 });

export function node(id: string, kind: FlowNode['kind'], more: Partial<FlowNode> = {}): FlowNode {
  return { id, kind, label: id, marks: [], ranges: [range(1)], ...more };
}

export function edge(from: string, to: string, more: Partial<FlowEdge> = {}): FlowEdge {
  return { id: `${from} -> ${to}`, from, to, marks: [], ranges: [range(2)], share: 1, ...more };
}

/** An entry that takes the edges along `ways`, each a list of node ids. */
export function entry(
  at: string,
  label: string,
  ways: readonly (readonly string[])[],
  more: Partial<FlowEntry> = {},
): FlowEntry {
  const edges = ways.flatMap((way) => way.slice(1).map((to, i) => `${way[i]} -> ${to}`));
  return {
    node: at,
    label,
    outcomes: [{ kind: 'delivered', share: 1, endpoints: 3, each: 1 / 3 }],
    edges: [...new Set(edges)],
    shares: {},
    steps: ways.flat().map((id) => ({
      text: `jump ${id}`,
      hook: 'prerouting',
      table: 'nat',
      chain: 'KUBE-SERVICES',
      rule: 4,
      markBefore: 0,
      markAfter: id.startsWith('KUBE-EXT') ? 0x4000 : 0,
      depth: 0,
      node: id,
      range: range(3),
    })),
    ...more,
  };
}

/** A Service of type LoadBalancer with source ranges, as kube-proxy 1.36 programs it. */
export function loadBalancer(): FlowGraph {
  const endpoints = ['10.244.1.5:8080', '10.244.1.6:8080', '10.244.2.7:8080'];
  const service = 'shop/checkout:https';
  const third = { share: 1 / 3, label: percent(1 / 3) };
  const svc = 'KUBE-SVC-S6GYCJULEJ2HSKT7';
  const ext = 'KUBE-EXT-S6GYCJULEJ2HSKT7';
  const fw = 'KUBE-FW-S6GYCJULEJ2HSKT7';
  const toEndpoints = (way: readonly string[]) => endpoints.map((at) => [...way, svc, at]);
  const inside = (from: string, hook: string) =>
    toEndpoints([from, hook, 'KUBE-SERVICES']).map((way) => [...way, 'POSTROUTING', 'kept']);
  const outside = (way: readonly string[]) =>
    toEndpoints([...way, ext]).map((to) => [...to, 'POSTROUTING', 'rewritten']);
  return {
    title: service,
    header:
      '10.96.0.44:443/TCP shop/checkout:https, iptables mode, node-a: 3 endpoints at 33.3 %; pods keep their source, outside clients are masqueraded; refused outside 198.51.100.0/24; last capture 12 s ago',
    verdict: {
      tone: 'good',
      parts: [
        {
          fate: 'works',
          who: [{ client: 'pods' }, { client: 'node' }, { client: 'outside' }],
        },
        { fate: 'silence', who: [{ client: 'barred' }] },
      ],
      conditions: [],
    },
    facts: {
      at: '10.96.0.44:443/TCP',
      service,
      mode: 'iptables',
      node: 'node-a',
      captured: '2026-11-21T13:42:07',
    },
    nodes: [
      node('pod', 'entry', {
        label: 'Pod on this node',
        detail: '10.244.1.9 \u2192 10.96.0.44:443',
      }),
      node('host', 'entry', { label: 'This node', detail: '172.30.0.2 \u2192 10.96.0.44:443' }),
      node('lb', 'entry', {
        label: 'Load balancer, allowed',
        detail: '198.51.100.7 \u2192 203.0.113.10:443',
      }),
      node('refused', 'entry', {
        label: 'Load balancer, refused',
        detail: '192.0.2.1 \u2192 203.0.113.10:443',
      }),
      node('nodeport', 'entry', {
        label: 'Outside, NodePort',
        detail: '192.0.2.1 \u2192 172.30.0.2:31443',
      }),
      node('PREROUTING', 'hook', { detail: 'nat' }),
      node('OUTPUT', 'hook', { detail: 'nat' }),
      node('KUBE-SERVICES', 'chain', { detail: 'nat' }),
      node('KUBE-NODEPORTS', 'chain', { detail: 'nat' }),
      node(fw, 'chain', { detail: 'nat', role: { kind: 'firewall', service } }),
      node(ext, 'chain', {
        detail: 'nat',
        marks: [{ action: 'set', bits: 0x4000 }],
        role: { kind: 'external', service },
      }),
      node(svc, 'chain', {
        detail: 'nat',
        marks: [{ action: 'set', bits: 0x4000 }],
        role: { kind: 'service', service },
      }),
      ...endpoints.map((at, i) =>
        node(at, 'endpoint', {
          detail: `checkout-7d4b9-${'xyz'[i]}, ${i < 2 ? 'node-a' : 'node-b'}`,
          share: 1 / 3,
          place: i < 2 ? 'node-a' : 'node-b',
        }),
      ),
      node('POSTROUTING', 'chain', {
        label: 'KUBE-POSTROUTING',
        detail: 'nat',
        marks: [
          { action: 'test', bits: 0x4000 },
          { action: 'clear', bits: 0x4000 },
        ],
      }),
      node('kept', 'exit', { label: 'Source kept', detail: 'leaves as it came' }),
      node('rewritten', 'exit', { label: 'Source rewritten', detail: 'MASQUERADE, rule 3' }),
      node('drop', 'drop', {
        label: 'DROP',
        detail: 'KUBE-PROXY-FIREWALL rule 1',
        reason: 'traffic not accepted by KUBE-FW-S6GYCJULEJ2HSKT7',
      }),
    ],
    edges: [
      edge('pod', 'PREROUTING'),
      edge('lb', 'PREROUTING'),
      edge('refused', 'PREROUTING'),
      edge('nodeport', 'PREROUTING'),
      edge('host', 'OUTPUT'),
      edge('PREROUTING', 'KUBE-SERVICES'),
      edge('OUTPUT', 'KUBE-SERVICES'),
      edge('KUBE-SERVICES', svc),
      edge('KUBE-SERVICES', fw),
      edge('KUBE-SERVICES', 'KUBE-NODEPORTS'),
      edge('KUBE-NODEPORTS', ext),
      edge(fw, ext),
      edge(fw, 'drop'),
      edge(ext, svc),
      ...endpoints.map((at) => edge(svc, at, third)),
      ...endpoints.map((at) => edge(at, 'POSTROUTING', { share: 1 / 3 })),
      edge('POSTROUTING', 'kept'),
      edge('POSTROUTING', 'rewritten'),
    ],
    entries: [
      entry('pod', 'Pod on this node', inside('pod', 'PREROUTING'), { source: 'source kept' }),
      entry('host', 'This node', inside('host', 'OUTPUT'), { source: 'source kept' }),
      entry('lb', 'Load balancer, allowed', outside(['lb', 'PREROUTING', 'KUBE-SERVICES', fw]), {
        source: 'source rewritten by MASQUERADE: mark 0x4000 was set',
      }),
      entry(
        'refused',
        'Load balancer, refused',
        [['refused', 'PREROUTING', 'KUBE-SERVICES', fw, 'drop']],
        {
          outcomes: [
            {
              kind: 'silence',
              share: 1,
              by: { kind: 'rule', table: 'filter', chain: 'KUBE-PROXY-FIREWALL', rule: 1 },
            },
          ],
        },
      ),
      entry(
        'nodeport',
        'Outside, NodePort',
        outside(['nodeport', 'PREROUTING', 'KUBE-SERVICES', 'KUBE-NODEPORTS']),
        { source: 'source rewritten by MASQUERADE: mark 0x4000 was set' },
      ),
    ],
    warnings: [],
    assumptions: [],
    counters: 'none',
  };
}

/** A ClusterIP Service with `n` endpoints on three nodes. */
export function manyEndpoints(n: number): FlowGraph {
  const endpoints = Array.from({ length: n }, (_, i) =>
    node(`10.244.${i >> 8}.${i & 255}:8080`, 'endpoint', { share: 1 / n, place: `node-${i % 3}` }),
  );
  return {
    title: 'scale/big',
    header: `10.96.9.9:80/TCP scale/big, iptables mode, node-a: ${n} endpoints at ${percent(1 / n)}`,
    verdict: {
      tone: 'good',
      parts: [{ fate: 'works', who: [{ client: 'pods' }] }],
      conditions: [],
    },
    facts: { at: '10.96.9.9:80/TCP', service: 'scale/big', mode: 'iptables', node: 'node-a' },
    nodes: [
      node('pod', 'entry', { label: 'Pod on this node' }),
      node('PREROUTING', 'hook', { detail: 'nat' }),
      node('KUBE-SVC-BIGBIGBIGBIGBIGB', 'chain', {
        role: { kind: 'service', service: 'scale/big' },
      }),
      ...endpoints,
      node('kept', 'exit', { label: 'Source kept' }),
    ],
    edges: [
      edge('pod', 'PREROUTING'),
      edge('PREROUTING', 'KUBE-SVC-BIGBIGBIGBIGBIGB'),
      ...endpoints.flatMap(({ id }) => [
        edge('KUBE-SVC-BIGBIGBIGBIGBIGB', id, { share: 1 / n, label: percent(1 / n) }),
        edge(id, 'kept', { share: 1 / n }),
      ]),
    ],
    entries: [
      entry(
        'pod',
        'Pod on this node',
        endpoints.map(({ id }) => ['pod', 'PREROUTING', 'KUBE-SVC-BIGBIGBIGBIGBIGB', id, 'kept']),
      ),
    ],
    warnings: [],
    assumptions: [],
    counters: 'none',
  };
}

/** No endpoints (reject), a chain the dump lacks (unknown), and comments that are HTML. */
export function hostile(): FlowGraph {
  const evil = '<img src=x onerror="window.hacked=1">](command:workbench.action.quit)';
  return {
    title: evil,
    header: `10.96.0.66:80/TCP ${evil}, iptables mode: no endpoints`,
    verdict: {
      tone: 'bad',
      parts: [{ fate: 'refused', who: [{ client: 'pods' }] }],
      cause: { kind: 'port-unresolved', targetPort: evil },
      conditions: [evil],
    },
    facts: { at: '10.96.0.66:80/TCP', service: evil, mode: 'iptables', node: 'node-a' },
    nodes: [
      node('pod', 'entry', { label: evil, detail: evil }),
      node('hook', 'hook', { label: 'PREROUTING' }),
      node('reject', 'reject', { label: 'REJECT', detail: 'icmp-port-unreachable', reason: evil }),
      node('unknown', 'unknown', {
        label: 'Set KUBE-CLUSTER-IP',
        detail: 'no ipset dump',
        reason: 'the folder has no ipset dump',
      }),
    ],
    edges: [
      edge('pod', 'hook'),
      edge('hook', 'reject', { share: undefined, unknown: 'no ipset dump' }),
      edge('hook', 'unknown', { share: undefined, unknown: 'no ipset dump', label: evil }),
    ],
    entries: [entry('pod', evil, [['pod', 'hook', 'reject']], { source: evil })],
    warnings: [evil, 'kubernetes has 2 ready endpoints that this node does not program'],
    assumptions: [evil],
    counters: 'none',
  };
}
