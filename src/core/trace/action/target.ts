import { l10n } from '../../l10n';
import { mapSetTarget } from './mapSet';
import { withFact } from '../facts';
import { protocolNumbers } from '../../packet';
import { passingTargets } from '../../rules/passingTargets';
import type { ConntrackTarget, Target } from '../../rules/target';
import { connmarkTarget, markTarget } from './mark';
import type { StatementContext } from '../match/context';
import { notPrinted } from '../undecided';
import type { Effect } from './effect';
import { hex } from '../../hex';
import { headerTarget } from './header';
import { mappedNat } from './mappedNat';
import { natTarget, netmapTarget } from './nat';
import { prefixTarget } from './prefix';
import { verdict } from './verdictMap';
import { own } from '../../own';

/** What a target of iptables does. */
export function carryOutTarget(target: Target, context: StatementContext): Effect {
  switch (target.kind) {
    case 'jump':
    case 'goto':
    case 'ACCEPT':
    case 'DROP':
    case 'RETURN':
    case 'QUEUE':
      return verdict(target);
    case 'REJECT': {
      const { destination, protocol } = context.state.header;
      const reply = rejectReply(target.with, destination.family);
      if (!canReject(reply, destination.family, protocol)) return { kind: 'fail' };
      const text = l10n.t`REJECT with ${reply}`;
      return {
        kind: 'end',
        ending: { kind: 'REJECT', reason: l10n.t`a REJECT rule with ${reply}`, reply },
        text,
      };
    }
    case 'MARK':
      return markTarget(target, context);
    case 'CONNMARK':
      return connmarkTarget(target, context);
    case 'DNAT':
    case 'SNAT':
    case 'MASQUERADE':
    case 'REDIRECT':
      return (target.toAddress ?? target.toPort)
        ? mappedNat(target, context)
        : natTarget(target, context);
    case 'NETMAP':
      return netmapTarget(target, context);
    case 'SNPT':
    case 'DNPT':
      return prefixTarget(target, context);
    case 'CT':
      return conntrackTarget(target, context);
    case 'LOG':
    case 'NFLOG':
    case 'TRACE':
    case 'TCPMSS':
    case 'CHECKSUM':
    case 'AUDIT':
      return { kind: 'continue', text: `${target.kind} ${target.text}`.trim() };
    case 'NFQUEUE':
      return queue('NFQUEUE', target.bypass);
    case 'TPROXY':
      return proxy(target);
    case 'SET':
      if (target.operation === 'map') return mapSetTarget(target, context);
      // What is in the set from here on is not in the dump: see setMatch.
      context.state.facts = withFact(context.state.facts, `changed ${target.set}`, true);
      return { kind: 'continue', text: `SET ${target.text}`.trim() };
    case 'TOS':
    case 'DSCP':
    case 'TTL':
    case 'HL':
      return headerTarget(target, context);
    case 'unmodelled-target':
      return otherTarget(target.name, target.text);
  }
}

/** What nft_reject sends by icmpx, in each family (net/netfilter/nft_reject.c). */
const anyFamily: Readonly<Record<string, readonly [string, string]>> = {
  'icmpx-no-route': ['icmp-net-unreachable', 'icmp6-no-route'],
  'icmpx-port-unreachable': ['icmp-port-unreachable', 'icmp6-port-unreachable'],
  'icmpx-host-unreachable': ['icmp-host-unreachable', 'icmp6-addr-unreachable'],
  'icmpx-admin-prohibited': ['icmp-admin-prohibited', 'icmp6-adm-prohibited'],
};

/** The message in iptables' words, where nft has others. */
function rejectReply(name: string, family: 4 | 6): string {
  const [four, six] = own(anyFamily, name) ?? [];
  if (four !== undefined && six !== undefined) return family === 4 ? four : six;
  if (name === 'icmp-prot-unreachable') return 'icmp-proto-unreachable';
  return name === 'icmp6-admin-prohibited' ? 'icmp6-adm-prohibited' : name;
}

/** What nft tests before a reject and does not list; iptables takes no such rule. */
function canReject(reply: string, family: 4 | 6, protocol: number): boolean {
  if (reply === 'tcp-reset') return protocol === protocolNumbers.tcp;
  return reply.startsWith(family === 4 ? 'icmp6-' : 'icmp-') === false;
}

/** xt_ct_target (xt_CT.c): what conntrack or another CT target has seen already is left alone. */
function conntrackTarget(
  { notrack, zone, text }: ConntrackTarget,
  context: StatementContext,
): Effect {
  const { state } = context;
  if (state.tracking === 'tracked') return { kind: 'continue', text: l10n.t`CT: tracked already` };
  if (state.tracking === 'untracked' || state.template) {
    return { kind: 'continue', text: l10n.t`CT: another CT target came first` };
  }
  if (!notrack) {
    state.template = { zone };
    return { kind: 'continue', text: `CT ${text}`.trim() };
  }
  state.tracking = 'untracked';
  return { kind: 'continue', text: l10n.t`UNTRACKED from here on` };
}

function queue(name: string, bypass: boolean): Effect {
  const reason = l10n.t`${name}: a program in user space decides`;
  const stolen = { kind: 'STOLEN', reason } as const;
  if (!bypass) return { kind: 'end', ending: stolen, text: reason };
  return {
    kind: 'fork',
    text: reason,
    options: [
      { condition: l10n.t`a program listens on the queue`, go: stolen },
      { condition: l10n.t`no program listens on the queue (bypass)`, go: 'accept' },
    ],
  };
}

/** xt_TPROXY.c: with a transparent socket marked and accepted, without one lost. */
function proxy({ port, clear, xor }: Extract<Target, { kind: 'TPROXY' }>): Effect {
  const text = l10n.t`TPROXY to port ${port}`;
  return {
    kind: 'fork',
    text,
    options: [
      {
        condition: l10n.t`a transparent socket listens on port ${port}`,
        go: 'accept',
        change: (state) => {
          state.mark = ((state.mark & ~clear) ^ xor) >>> 0;
        },
      },
      {
        condition: l10n.t`no transparent socket listens on port ${port}`,
        go: {
          kind: 'LOST',
          reason: l10n.t`${text}: no transparent socket (mark ${hex(xor)} not set)`,
        },
      },
    ],
  };
}

/** They never let a packet go on (xt_nat.c), whatever their options, which no dump shows or nobody can read. */
const natTargets: ReadonlySet<string> = new Set([
  'DNAT',
  'SNAT',
  'MASQUERADE',
  'REDIRECT',
  'NETMAP',
]);

function otherTarget(name: string, options: string): Effect {
  // A listing's words begin with the name: `TEE gw:192.0.2.7`.
  const text = options.startsWith(name) ? options : `${name} ${options}`.trim();
  if (passingTargets.has(name)) return { kind: 'continue', text };
  if (name === 'HMARK') {
    const reason = l10n.t`HMARK sets the mark to a hash, which is not known`;
    return { kind: 'end', ending: { kind: 'UNKNOWN', reason }, text };
  }
  if (natTargets.has(name)) {
    const why = l10n.t`${name}: the address that it takes is not known`;
    const reason = [why, notPrinted(options)].filter(Boolean).join(l10n.t`; `);
    return { kind: 'end', ending: { kind: 'UNKNOWN', reason }, text: reason };
  }
  const unknown = notPrinted(options) ?? l10n.t`the target ${name} is not modelled`;
  return {
    kind: 'fork',
    text: name,
    options: [
      { condition: l10n.t`${name} lets the packet go on`, unknown, go: 'continue' },
      {
        condition: l10n.t`${name} decides over the packet`,
        unknown,
        go: { kind: 'UNKNOWN', reason: unknown },
      },
    ],
  };
}
