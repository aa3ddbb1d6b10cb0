import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { contains } from '../../../src/core/address';
import type { NodeState } from '../../../src/core/node';
import type { Packet } from '../../../src/core/packet';
import type { Rule } from '../../../src/core/rules/ruleset';
import { leaves } from '../../../src/core/trace/leaves';
import type { Leaf } from '../../../src/core/trace/leaves';
import { traceFlow } from '../../../src/core/trace/tracer';
import type { Header, Path, RuleStep } from '../../../src/core/trace/trace';
import type { OracleCase } from '../../../src/inspect/oracle/format';
import { nodeOf } from '../../../src/inspect/oracle/node';
import { packetOf } from '../../../src/inspect/oracle/packet';
import { parser } from './helper';

const folder = 'test/fixtures/kernel-oracle/';
const files = readdirSync(folder).filter((file) => /^(gen|named|kp136)/.test(file));
const cases = new Map<string, { node: NodeState; packets: readonly Packet[] }>();

function load(file: string) {
  let loaded = cases.get(file);
  if (!loaded) {
    const oracle = JSON.parse(readFileSync(folder + file, 'utf8')) as OracleCase;
    const node = nodeOf(oracle, parser, 'legacy');
    const packets = oracle.packets.flatMap(({ packet }) => (packet ? [packetOf(packet)] : []));
    cases.set(file, (loaded = { node, packets }));
  }
  return loaded;
}

/** Where one recorded packet of a case goes, from where another comes, with or without flags and ports. */
const traced = fc
  .record({
    file: fc.constantFrom(...files),
    from: fc.nat(),
    to: fc.nat(),
    protocol: fc.constantFrom(undefined, undefined, undefined, 1, 6, 17, 132),
    port: fc.constantFrom(undefined, undefined, undefined, 22, 53, 30080),
  })
  .map(({ file, from, to, protocol, port }) => {
    const { node, packets } = load(file);
    const { source, inInterface } = packets[from % packets.length]!;
    const target = packets[to % packets.length]!;
    const ports = target.destinationPort === undefined ? {} : { destinationPort: port };
    const packet: Packet = {
      ...target,
      source,
      inInterface,
      ...(protocol !== undefined && { protocol }),
      ...(port !== undefined && ports),
    };
    return { node, packet };
  });

suite('properties of traces', () => {
  test('the branches of a fork are all by chance and sum to 1, or none is', () => {
    fc.assert(
      fc.property(traced, ({ node, packet }) => {
        for (const branches of forks(traceFlow(node, packet).path)) {
          const known = branches.filter((p) => p !== undefined);
          if (known.length === 0) continue;
          assert.equal(known.length, branches.length);
          assert.ok(Math.abs(known.reduce((sum, p) => sum + p, 0) - 1) < 1e-9);
          assert.ok(known.every((p) => p > 0 && p < 1));
        }
      }),
      { numRuns: 150 },
    );
  });

  test('no rule is visited whose addresses, protocol, ports or mark do not fit', () => {
    fc.assert(
      fc.property(traced, ({ node, packet }) => {
        for (const leaf of leaves(traceFlow(node, packet).path)) checkVisits(node, packet, leaf);
      }),
      { numRuns: 150 },
    );
  });

  test('the same packet has the same trace', () => {
    fc.assert(
      fc.property(traced, ({ node, packet }) => {
        assert.deepEqual(traceFlow(node, packet), traceFlow(node, packet));
      }),
      { numRuns: 30 },
    );
  });
});

function forks(path: Path): (number | undefined)[][] {
  const found: (number | undefined)[][] = [];
  const open = [path];
  for (let at = open.pop(); at; at = open.pop()) {
    if (!('branches' in at.end)) continue;
    found.push(at.end.branches.map(({ probability }) => probability));
    open.push(...at.end.branches.map(({ then }) => then));
  }
  return found;
}

/** Follows the head through the steps and asks each visited rule again, by other means. */
function checkVisits(node: NodeState, packet: Packet, { steps }: Leaf): void {
  let head: Header = packet;
  for (const step of steps) {
    if (step.kind === 'nat') {
      assert.deepEqual(
        [head.source, head.destination, head.destinationPort],
        [step.before.source, step.before.destination, step.before.destinationPort],
      );
      head = step.after;
    } else if (step.kind === 'rule') {
      const rule = ruleOf(node, step);
      for (const match of rule.matches) {
        const fits = canHold(match, head, step.mark);
        assert.ok(fits, `${step.table} ${step.chain} ${step.rule}: ${match.kind}`);
      }
    }
  }
}

function ruleOf(node: NodeState, { table, chain, rule }: RuleStep): Rule {
  return node.rulesets[0]!.tables.get(table)!
    .chains.get(chain)!
    .rule(rule - 1);
}

function canHold(match: Rule['matches'][number], head: Header, mark: number): boolean {
  switch (match.kind) {
    case 'source':
      return contains(match.network, head.source) !== match.negated;
    case 'destination':
      return contains(match.network, head.destination) !== match.negated;
    case 'protocol':
      return (match.protocol === 0 || match.protocol === head.protocol) !== match.negated;
    case 'mark':
      return ((mark & match.mask) >>> 0 === match.value) !== match.negated;
    case 'tcp':
    case 'udp': {
      const { dport } = match;
      if (!dport) return true;
      const port = head.destinationPort ?? 0;
      return (port >= dport.value.from && port <= dport.value.to) !== dport.negated;
    }
    default:
      return true;
  }
}
