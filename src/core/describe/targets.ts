import { formatAddress } from '../address';
import { formatEndpoint } from '../kubeproxy/names';
import { markEffectInWords } from '../marks/arithmetic';
import { formatMark } from '../marks/bits';
import type { ConnmarkTarget, NatTarget, Target } from '../rules/target';
import { addressesInWords, intervalInWords, list } from './words';

/**
 * What happens to the packet, as the end of "A packet that ... ": `jumps to KUBE-SERVICES`.
 * `builtIn`: the rule stands in a chain such as INPUT, where RETURN means the policy.
 */
export function describeTarget(target: Target | undefined, builtIn = false): string {
  if (!target) return 'is counted and goes on with the next rule';
  switch (target.kind) {
    case 'jump':
      return `jumps to chain ${target.chain}`;
    case 'goto':
      return `goes to chain ${target.chain}, and from its end not back here but to the caller of this chain`;
    case 'ACCEPT':
      return 'is accepted: no further rule of this table is asked';
    case 'DROP':
      return 'is dropped without an answer';
    case 'RETURN':
      return builtIn ? 'meets the policy of the chain' : 'returns to the calling chain';
    case 'QUEUE':
      return 'is handed to a program in user space';
    case 'REJECT':
      return `is dropped, and its sender is told by ${target.with}`;
    case 'MARK':
      return `has its mark changed: ${markEffectInWords(target)}; goes on with the next rule`;
    case 'CONNMARK':
      return `${connmark(target)}; goes on with the next rule`;
    case 'DNAT':
    case 'SNAT':
    case 'MASQUERADE':
    case 'REDIRECT':
      return nat(target);
    case 'NETMAP':
      return `has the network part of its address replaced by that of ${formatAddress(target.address)}`;
    case 'SNPT':
    case 'DNPT':
      return `has the prefix of its ${target.kind === 'SNPT' ? 'source' : 'destination'} replaced by ${formatAddress(target.to.address)}/${target.to.length}, and goes on with the next rule`;
    case 'CT':
      return target.notrack
        ? 'is left out of connection tracking, and so of NAT'
        : `gets connection tracking settings: ${target.text}`;
    case 'LOG':
    case 'NFLOG':
    case 'AUDIT':
      return 'is logged and goes on with the next rule';
    case 'TRACE':
      return 'is traced by the kernel from here on, and goes on with the next rule';
    case 'TCPMSS':
      return 'has its TCP maximum segment size changed, and goes on with the next rule';
    case 'CHECKSUM':
      return 'has its checksum filled in, and goes on with the next rule';
    case 'NFQUEUE':
      return `is handed to a program in user space (${target.text})${target.bypass ? ', or goes on with the next rule where none listens' : ''}`;
    case 'TPROXY': {
      const address = target.address
        ? formatAddress(target.address)
        : "the incoming device's address";
      const port = target.port === 0 ? 'its own port' : `port ${target.port}`;
      return `is handed to a local socket on ${address}, ${port}, and its mark changed: ${markEffectInWords(target)}`;
    }
    case 'SET': {
      const sides = list(
        target.directions.map((side) => (side === 'src' ? 'source' : 'destination')),
      );
      const verb = { add: 'added to', del: 'removed from', map: 'looked up in' }[target.operation];
      return `has its ${sides} ${verb} set ${target.set}, and goes on with the next rule`;
    }
    case 'TOS':
    case 'DSCP':
    case 'TTL':
    case 'HL':
      return `has its ${target.kind} changed (${target.text}), and goes on with the next rule`;
    case 'unmodelled-target':
      return `meets target ${target.name}, which is not known here`;
  }
}

function nat(target: NatTarget): string {
  const { kind, addresses, ports, portBase } = target;
  const how = [
    target.fullyRandom ? 'a fully random port' : target.random ? 'a random port' : undefined,
    target.persistent ? 'always the same for one client' : undefined,
  ].filter((part) => part !== undefined);
  const suffix = how.length > 0 ? `, ${list(how)}` : '';
  const shift = portBase === undefined ? '' : `, shifted from base ${portBase}`;
  const toPort = ports ? `port ${intervalInWords(ports)}${shift}` : undefined;
  switch (kind) {
    case 'MASQUERADE':
      return `has its source rewritten to the address of the outgoing device${toPort ? `, ${toPort}` : ''}${suffix}`;
    case 'REDIRECT':
      return `is sent to this node itself${toPort ? `, ${toPort}` : ''}${suffix}`;
    case 'DNAT':
    case 'SNAT': {
      const side = kind === 'DNAT' ? 'destination' : 'source';
      const single = addresses && ports && ports.from === ports.to && portBase === undefined;
      const to =
        single && formatAddress(addresses.from) === formatAddress(addresses.to)
          ? formatEndpoint(formatAddress(addresses.from), ports.from)
          : [addresses && addressesInWords(addresses), toPort].filter(Boolean).join(', ');
      return `has its ${side} rewritten to ${to || 'nothing'}${suffix}`;
    }
  }
}

function connmark({ operation }: ConnmarkTarget): string {
  if ('set' in operation)
    return `has its connection's mark changed: ${markEffectInWords(operation.set)}`;
  if ('save' in operation) {
    const { nfmask, ctmask } = operation.save;
    return `has its mark saved in the connection (bits ${formatMark(nfmask)} into ${formatMark(ctmask)})`;
  }
  const { nfmask, ctmask } = operation.restore;
  return `gets its connection's mark (bits ${formatMark(ctmask)} into ${formatMark(nfmask)})`;
}
