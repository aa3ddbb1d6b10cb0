import * as l10n from '@vscode/l10n';
import { sameAddress, withPort } from '../../address';
import type { ProgrammedPort } from '../../kubeproxy/programmed';
import { serviceName } from '../../kubeproxy/serviceId';
import type { NodeState } from '../../node';
import type { Rule, Table } from '../../rules/ruleset';
import type { ServiceEntry } from '../../service';
import { leaves, type Leaf } from '../../trace/leaves';
import type { NatStep, RuleStep } from '../../trace/trace';
import { followFlow } from '../../trace/tracer';
import { itemsAtOnce } from '../../work';
import type { Check } from '../check';
import { destinationPorts } from '../rules/destinationPorts';
import { readRules } from '../tables';
import { probeTo } from './probeTo';

/** Entries that are traced: those that a rule of others may mean. */
const mostTraced = 40;

/**
 * A DNAT rule that another agent left, or a host port, has the packets of a Service before kube-proxy
 * (tailscale#21260; portmap in nftables mode, where both hang on one hook with one priority).
 */
export const anotherDnat: Check = {
  code: 'translated-by-other-rules',
  severity: 'warning',
  title: l10n.t('a rule that is not of kube-proxy sends packets to a Service elsewhere'),
  *find({ node, programmed: { ports, mode } }) {
    // Host ports before kube-proxy's rules of iptables: `host-port-hides-node-port`.
    const isForeign: IsForeign = (table, chain) =>
      !isOwn(table, chain) && !(mode.mode === 'iptables' && isHostPort(chain));
    const wanted = new Set<string>();
    let looked = 0;
    for (const { table, chain } of natTables(node)) {
      if (++looked % itemsAtOnce === 0) yield undefined;
      if (!isForeign(table.name, chain)) continue;
      yield undefined;
      for (const rule of yield* readRules(table, chain))
        for (const port of portsOf(rule)) wanted.add(port);
    }
    if (wanted.size === 0) return;
    let traced = 0;
    for (const port of ports) {
      yield undefined;
      for (const entry of port.service.entries) {
        if (!mayMean(wanted, entry, port)) continue;
        const packet = probeTo(node, entry, port.service.protocol);
        if (!packet) continue;
        if (traced++ >= mostTraced) return;
        const ways = leaves((yield* followFlow(node, packet)).path);
        const taken = ways.map((way) => takenBy(way, isForeign));
        if (taken.every((one) => one === undefined)) continue;
        const endpoints = yield* port.service.readEndpoints();
        const isElsewhere = ({ step: { after } }: Taken) =>
          !endpoints.some(({ address }) => sameAddress(address, after.destination));
        const by = taken.find((one) => one !== undefined && isElsewhere(one));
        if (!by) continue;
        const { step, rule } = by;
        const to = withPort(step.after.destination, step.after.destinationPort);
        const what = l10n.t`${rule.table} ${rule.chain} sends what goes to ${port.service.title} at ${withPort(packet.destination, packet.destinationPort)} to ${to}`;
        const surely = taken.every((one) => one !== undefined && isElsewhere(one));
        yield {
          message: surely
            ? l10n.t`${what}: it does not come to the Service's endpoints.`
            : l10n.t`${what}, if its chain comes before that of kube-proxy: both hang on one hook with one priority, and which was created first is not known.`,
          ...(surely ? {} : { severity: 'information' }),
          range: rule.range,
          service: serviceName(port.service),
          related: [{ message: l10n.t('the Service'), range: entry.range }],
        };
      }
    }
  },
};

const any = 'any';

type IsForeign = (table: string, chain: string) => boolean;

function* natTables(node: NodeState): Generator<{ table: Table; chain: string }> {
  const tables = [
    ...node.rulesets.flatMap((ruleset) => ruleset.tables.get('nat') ?? []),
    ...(node.nftables?.tables ?? []),
  ];
  for (const table of tables) {
    if (table.name === 'kube-proxy') continue;
    for (const chain of table.chains.keys()) yield { table, chain };
  }
}

/** KUBE-HP- and KUBE-HOSTPORTS are host ports of CRI-O and of old kubelets. */
function isOwn(table: string, chain: string): boolean {
  if (table === 'kube-proxy') return true;
  return chain.startsWith('KUBE-') && !isHostPort(chain);
}

function isHostPort(chain: string): boolean {
  return /^(?:KUBE-HP-|KUBE-HOSTPORTS$|CNI-HOSTPORT-|CNI-DN-)/.test(chain);
}

/** Of a rule that translates: which ports it asks for, `80/6`; `any` where it does not say. */
function portsOf(rule: Rule): readonly string[] {
  const { target } = rule;
  if (target?.kind !== 'DNAT' && target?.kind !== 'REDIRECT') return [];
  const ports = destinationPorts(rule);
  return ports.length > 0 ? ports : [any];
}

function mayMean(
  wanted: ReadonlySet<string>,
  { port }: ServiceEntry,
  { service }: ProgrammedPort,
): boolean {
  return wanted.has(any) || wanted.has(`${port}/${service.protocol}`);
}

/** The step that gives the packet another destination, and the rule of others that does. */
interface Taken {
  readonly step: NatStep;
  readonly rule: RuleStep;
}

function takenBy({ steps }: Leaf, isForeign: IsForeign): Taken | undefined {
  const at = steps.findIndex(
    (one) => one.kind === 'nat' && !sameAddress(one.before.destination, one.after.destination),
  );
  const step = steps[at];
  if (step?.kind !== 'nat') return undefined;
  const rule = steps.slice(0, at).findLast((one) => one.kind === 'rule');
  if (rule?.kind !== 'rule' || !isForeign(rule.table, rule.chain)) return undefined;
  return { step, rule };
}
