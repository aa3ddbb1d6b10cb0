import { hostPort } from '../../core/address';
import { expectedRules } from '../../core/expected';
import { usualKernel, type ExpectedInput } from '../../core/expected/input';
import { setsRouteLocalnet } from '../../core/expected/nodePorts';
import { nftText, savedText } from '../../core/expected/text';
import type { NodeState } from '../../core/node';
import { finish } from '../../core/work';
import { rulesetsOfText } from '../../syntax/iptables/ruleset/ruleset';
import { nftRuleset } from '../../syntax/nft/ruleset/ruleset';
import type { LineParser } from '../../syntax/treeSitter';
import { inputOfCase } from '../expected/case';
import { nodeOf } from '../oracle/node';
import type { OracleCase } from '../oracle/format';
import { withBeside } from './beside';
import type { MigrationCase } from './format';

export type MigrationMode = 'iptables' | 'nftables';

/**
 * The case's node with the rules that kube-proxy should write in a mode, from objects and
 * configuration alone; the host's own rules are in iptables in both.
 */
export function nodeIn(
  mode: MigrationMode,
  recorded: MigrationCase,
  parser: LineParser,
): NodeState {
  const input = inputOfCase(recorded, mode, usualKernel);
  const ruleset = finish(expectedRules(input, 4));
  if (!ruleset) throw new Error(`${recorded.name}: no rules in mode ${mode}`);
  const own = mode === 'iptables' ? savedText(ruleset) : '';
  const text = withBeside(own, recorded.beside ?? '');
  const state = nodeOf(oracleCase(recorded, input, text), parser, 'legacy');
  if (mode === 'iptables') return state;
  return {
    ...state,
    // Without rules of its own the host has no tables of iptables.
    rulesets: text.trim() === '' ? [] : rulesetsOfText(`${recorded.name}/beside`, text, parser),
    nftables: nftRuleset(`${recorded.name}/nftables`, nftText(ruleset)),
  };
}

/** As the recordings of kernels have it: nothing but iptables, without sets and IPVS. */
function oracleCase(recorded: MigrationCase, input: ExpectedInput, ruleset: string): OracleCase {
  const { name, topology, addrs, routes_all } = recorded;
  const set = setsRouteLocalnet(input);
  const sysctl = { ...topology.sysctl, ...(set && { 'net.ipv4.conf.all.route_localnet': 1 }) };
  return {
    name,
    topology: { ...topology, sysctl },
    ruleset,
    ipset: '',
    addrs,
    routes_all,
    packets: [],
  };
}

/** All endpoints of the cluster, as `10.244.1.9:8080`. */
export function endpointsOf(recorded: MigrationCase): ReadonlySet<string> {
  const { objects } = inputOfCase(recorded, 'iptables', usualKernel);
  return new Set(
    objects.endpointSlices.flatMap(({ ports, endpoints }) =>
      ports.flatMap(({ port = 0 }) =>
        endpoints.flatMap(({ addresses }) => addresses.map((ip) => hostPort(ip, port))),
      ),
    ),
  );
}
