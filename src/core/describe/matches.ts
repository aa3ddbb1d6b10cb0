import * as l10n from '@vscode/l10n';
import { extensionInWords } from './extensionMatches';
import { markTestInWords } from '../marks/arithmetic';
import { protocolName } from '../protocol';
import { tcpFlagBits } from '../packet';
import { hex } from '../hex';
import { hiddenInterfaces } from '../rules/match';
import type {
  AddressTypeMatch,
  ConntrackMatch,
  DeviceGroupMatch,
  Match,
  PortMatch,
  RecentMatch,
  SetMatch,
  VirtualServerMatch,
} from '../rules/match';
import { addressesInWords, deviceInWords, intervalInWords, isOrNot, networkInWords } from './words';
import { list } from '../list';
import type { MaskedNumber } from '../rules/optionValue';
import { percent } from '../percent';

/**
 * What a match asks, as the end of "A packet that ...": `goes to 10.96.0.1`, `is tcp`. Empty for
 * matches that ask nothing: comments, accounting, a bare `-m tcp`.
 */
export function describeMatch(match: Match): string[] {
  switch (match.kind) {
    case 'protocol': {
      const name = protocolName(match.protocol);
      return match.protocol === 0 ? [] : [`${isOrNot(match)} ${name}`];
    }
    case 'source':
      return [
        l10n.t`${match.negated ? l10n.t('does not come') : l10n.t('comes')} from ${networkInWords(match.network)}`,
      ];
    case 'destination':
      return [
        l10n.t`${match.negated ? l10n.t('does not go') : l10n.t('goes')} to ${networkInWords(match.network)}`,
      ];
    case 'in-interface':
      return [
        l10n.t`${match.negated ? l10n.t('did not come') : l10n.t('came')} in by ${deviceInWords(match.pattern)}`,
      ];
    case 'out-interface':
      return [
        l10n.t`${match.negated ? l10n.t('does not leave') : l10n.t('leaves')} by ${deviceInWords(match.pattern)}`,
      ];
    case 'fragment':
      return [
        match.negated ? l10n.t('is no later fragment') : l10n.t('is a second or later fragment'),
      ];
    case 'tcp':
    case 'udp':
    case 'udplite':
    case 'sctp':
    case 'dccp':
      return ports(match);
    case 'icmp':
    case 'icmp6':
      return [l10n.t`${isOrNot(match)} of ${match.kind} type ${match.type}${codes(match.codes)}`];
    case 'comment':
    case 'nfacct':
      return [];
    case 'mark':
    case 'connmark': {
      const whose = match.kind === 'mark' ? l10n.t('mark') : l10n.t("connection's mark");
      return [l10n.t`has a ${whose} where ${markTestInWords(match)}`];
    }
    case 'conntrack':
      return conntrack(match);
    case 'addrtype':
      return addressType(match);
    case 'set':
      return [set(match)];
    case 'multiport': {
      const side = {
        source: l10n.t('source'),
        destination: l10n.t('destination'),
        either: l10n.t('source or destination'),
      };
      const among = list(match.ports.map(intervalInWords), 'or');
      return [l10n.t`has a ${side[match.side]} port that ${isOrNot(match)} ${among}`];
    }
    case 'statistic': {
      const { mode, negated } = match;
      if ('random' in mode) {
        const chance = negated ? 1 - mode.random : mode.random;
        return [l10n.t`is chosen by chance (${percent(chance)} of those that come this far)`];
      }
      const nth = l10n.t`one of every ${mode.every} that come this far`;
      return [negated ? l10n.t`is not ${nth}` : l10n.t`is ${nth}`];
    }
    case 'recent':
      // `--set` always succeeds (xt_recent.c): what it does is in describeEffect.
      if (match.action === 'set') return match.negated ? [l10n.t('never matches')] : [];
      return [recent(match)];
    case 'limit':
    case 'hashlimit':
      return [
        l10n.t`${match.above ? l10n.t('exceeds') : l10n.t('stays within')} the rate ${match.text}`,
      ];
    case 'iprange':
      return [
        match.source &&
          l10n.t`comes from ${match.source.negated ? l10n.t`outside ` : ''}${addressesInWords(match.source.value)}`,
        match.destination &&
          l10n.t`goes to ${match.destination.negated ? l10n.t`outside ` : ''}${addressesInWords(match.destination.value)}`,
      ].filter((part) => part !== undefined);
    case 'owner':
      return [
        match.uid &&
          l10n.t`was sent by a process whose user id ${isOrNot(match.uid)} ${intervalInWords(match.uid.value)}`,
        match.gid &&
          l10n.t`was sent by a process whose group id ${isOrNot(match.gid)} ${intervalInWords(match.gid.value)}`,
        match.socketExists &&
          (match.socketExists.negated
            ? l10n.t('belongs to no socket')
            : l10n.t('belongs to a socket')),
      ].filter((part) => part !== undefined);
    case 'physdev':
      return [
        match.in &&
          l10n.t`${match.in.negated ? l10n.t('did not come') : l10n.t('came')} in by bridge port ${deviceInWords(match.in.value)}`,
        match.out &&
          l10n.t`${match.out.negated ? l10n.t('does not leave') : l10n.t('leaves')} by bridge port ${deviceInWords(match.out.value)}`,
        match.isIn &&
          l10n.t`${match.isIn.negated ? l10n.t('did not come') : l10n.t('came')} in by a bridge port`,
        match.isOut &&
          l10n.t`${match.isOut.negated ? l10n.t('does not leave') : l10n.t('leaves')} by a bridge port`,
        match.isBridged && l10n.t`${isOrNot(match.isBridged)} bridged`,
      ].filter((part) => part !== undefined);
    case 'rpfilter':
      return [
        match.invert
          ? l10n.t`fails the reverse path test${match.loose ? l10n.t(' (by any device)') : ''}`
          : l10n.t`passes the reverse path test${match.loose ? l10n.t(' (by any device)') : ''}`,
      ];
    case 'socket':
      return [
        match.transparent
          ? l10n.t('belongs to an open transparent socket')
          : l10n.t('belongs to an open socket'),
      ];
    case 'tos':
      return [
        l10n.t`has a TOS byte whose bits 0x${match.mask.toString(16)} ${match.negated ? l10n.t('are not') : l10n.t('are')} 0x${match.value.toString(16)}`,
      ];
    case 'dscp':
      return [l10n.t`has a DSCP that ${isOrNot(match)} ${match.value >> 2}`];
    case 'ttl':
    case 'hl': {
      const name = match.kind === 'ttl' ? 'TTL' : l10n.t('hop limit');
      const than = { equal: '', less: l10n.t('less than '), greater: l10n.t('greater than ') }[
        match.comparison
      ];
      return [l10n.t`has a ${name} that ${isOrNot(match)} ${than}${match.value}`];
    }
    case 'length':
      return [l10n.t`${isOrNot(match)} ${intervalInWords(match.bytes)} bytes long`];
    case 'pkttype':
      return [l10n.t`${isOrNot(match)} ${match.type} on the link`];
    case 'mac':
      return [
        l10n.t`${match.negated ? l10n.t('does not come') : l10n.t('comes')} from MAC address ${match.address}`,
      ];
    case 'devgroup':
      return deviceGroups(match);
    case 'helper': {
      const by = match.name === '' ? l10n.t('a conntrack helper') : match.name;
      return [
        match.negated
          ? l10n.t`belongs to no connection that ${by} expected`
          : l10n.t`belongs to a connection that ${by} expected`,
      ];
    }
    case 'realm':
      return [l10n.t`has a route whose realm ${isOrNot(match)} ${masked(match)}`];
    case 'ipv6header':
    case 'frag':
    case 'rt':
    case 'hbh':
    case 'dst':
    case 'ah':
    case 'esp':
    case 'mh':
    case 'eui64':
      return extensionInWords(match);
    case 'ipvs':
      return virtualServer(match);
    case 'unmodelled':
      if (match.name === hiddenInterfaces) {
        return [l10n.t('comes in and leaves by devices that this listing hides (list with -v)')];
      }
      return [l10n.t`satisfies ${`${match.name} ${match.text}`.trim()} (not evaluated here)`];
  }
}

/** What a match changes by being asked, as a sentence of its own; undefined for the many that don't. */
export function describeEffect(match: Match): string | undefined {
  if (match.kind !== 'recent' || match.negated) return undefined;
  const address = match.side === 'source' ? l10n.t('source') : l10n.t('destination');
  switch (match.action) {
    case 'set':
      return l10n.t`its ${address} is put on list ${match.name}`;
    case 'update':
      return l10n.t`the time of its ${address} on list ${match.name} is renewed`;
    case 'remove':
      return l10n.t`its ${address} is removed from list ${match.name}`;
    case 'rcheck':
      return undefined;
  }
}

function codes({ from, to }: { from: number; to: number }): string {
  return from === 0 && to === 255 ? '' : l10n.t` code ${intervalInWords({ from, to })}`;
}

function ports({ kind, sport, dport, flags, unmodelled }: PortMatch): string[] {
  const parts: string[] = [];
  if (sport)
    parts.push(
      l10n.t`${sport.negated ? l10n.t('does not come') : l10n.t('comes')} from port ${intervalInWords(sport.value)}`,
    );
  if (dport)
    parts.push(
      l10n.t`${dport.negated ? l10n.t('does not go') : l10n.t('goes')} to port ${intervalInWords(dport.value)}`,
    );
  if (flags) {
    const { mask, set: bits } = flags.value;
    const among = l10n.t`of the flags ${flagNames(mask)} has exactly ${flagNames(bits)} set`;
    parts.push(flags.negated ? l10n.t`not so that it ${among}` : among);
  }
  if (unmodelled) parts.push(l10n.t`satisfies ${kind} ${unmodelled} (not evaluated here)`);
  return parts;
}

/** `SYN and ACK`, `none`. */
function flagNames(bits: number): string {
  const names = Object.entries(tcpFlagBits).flatMap(([name, bit]) => (bits & bit ? [name] : []));
  return names.length === 0 ? l10n.t('none') : list(names);
}

function conntrack(match: ConntrackMatch): string[] {
  const { states, statuses, protocol, direction, expire } = match;
  const parts: string[] = [];
  if (states) parts.push(l10n.t`${isOrNot(states)} in conntrack state ${list(states.value, 'or')}`);
  if (statuses)
    parts.push(
      l10n.t`has a connection whose status ${isOrNot(statuses)} ${list(statuses.value, 'or')}`,
    );
  if (protocol)
    parts.push(
      l10n.t`has a connection whose protocol ${isOrNot(protocol)} ${protocolName(protocol.value)}`,
    );
  const addresses = [
    [l10n.t('original source'), match.originalSource],
    [l10n.t('original destination'), match.originalDestination],
    [l10n.t('reply source'), match.replySource],
    [l10n.t('reply destination'), match.replyDestination],
  ] as const;
  for (const [name, value] of addresses) {
    if (value)
      parts.push(
        l10n.t`has a connection whose ${name} ${isOrNot(value)} ${networkInWords(value.value)}`,
      );
  }
  const numbers = [
    [l10n.t('original source port'), match.originalSourcePort],
    [l10n.t('original destination port'), match.originalDestinationPort],
    [l10n.t('reply source port'), match.replySourcePort],
    [l10n.t('reply destination port'), match.replyDestinationPort],
  ] as const;
  for (const [name, value] of numbers) {
    if (value)
      parts.push(
        l10n.t`has a connection whose ${name} ${isOrNot(value)} ${intervalInWords(value.value)}`,
      );
  }
  if (expire)
    parts.push(
      l10n.t`has a connection that expires in ${expire.negated ? l10n.t('other than ') : ''}${intervalInWords(expire.value)} s`,
    );
  if (direction)
    parts.push(l10n.t`flows in the ${direction.toLowerCase()} direction of its connection`);
  return parts;
}

function addressType({ source, destination, limitIn, limitOut }: AddressTypeMatch): string[] {
  const limit = limitIn
    ? l10n.t(' of the incoming device')
    : limitOut
      ? l10n.t(' of the outgoing device')
      : '';
  const part = (verb: string, { value, negated }: NonNullable<AddressTypeMatch['source']>) => {
    const own = value.length === 1 && value[0] === 'LOCAL';
    const kind = own
      ? l10n.t`an address of this node (LOCAL)${limit}`
      : l10n.t`a ${list(value, 'or')} address${limit}`;
    return `${verb} ${negated ? l10n.t`anything but ${kind}` : kind}`;
  };
  return [
    source && part(l10n.t('comes from'), source),
    destination && part(l10n.t('goes to'), destination),
  ].filter((text) => text !== undefined);
}

function set({ name, directions, negated, returnNomatch, counterTests }: SetMatch): string {
  const nomatch = returnNomatch ? l10n.t(' as a nomatch element') : '';
  const tests = counterTests ? l10n.t` with ${counterTests}` : '';
  return l10n.t`${isOrNot({ negated })} in set ${name} (${directions.join(',')})${nomatch}${tests}`;
}

function recent({ name, side, seconds, hitcount, negated }: RecentMatch): string {
  const address = side === 'source' ? l10n.t('source') : l10n.t('destination');
  const time = seconds === undefined ? '' : l10n.t` within the last ${seconds} s`;
  const hits = hitcount === undefined ? '' : l10n.t` at least ${hitcount} times`;
  const seen = negated ? l10n.t('was not seen') : l10n.t('was seen');
  return l10n.t`has a ${address} that ${seen} on list ${name}${hits}${time}`;
}

function deviceGroups({ source, destination }: DeviceGroupMatch): string[] {
  const parts: string[] = [];
  if (source) {
    const group = masked(source.value);
    parts.push(
      source.negated
        ? l10n.t`comes in by no device of group ${group}`
        : l10n.t`comes in by a device of group ${group}`,
    );
  }
  if (destination) {
    const group = masked(destination.value);
    parts.push(
      destination.negated
        ? l10n.t`leaves by no device of group ${group}`
        : l10n.t`leaves by a device of group ${group}`,
    );
  }
  return parts;
}

/** `0x5`, `0x5/0xf`. */
function masked({ value, mask }: MaskedNumber): string {
  return mask === 0xffffffff ? hex(value) : `${hex(value)}/${hex(mask)}`;
}

function virtualServer(match: VirtualServerMatch): string[] {
  const { ipvs, protocol, address, port, direction, method, controlPort } = match;
  const parts: string[] = [];
  if (ipvs)
    parts.push(
      l10n.t`${ipvs.negated ? l10n.t('belongs to no') : l10n.t('belongs to an')} IPVS connection`,
    );
  const traits: string[] = [];
  if (protocol)
    traits.push(l10n.t`whose protocol ${isOrNot(protocol)} ${protocolName(protocol.value)}`);
  if (address)
    traits.push(l10n.t`whose virtual address ${isOrNot(address)} ${networkInWords(address.value)}`);
  if (port) traits.push(l10n.t`whose virtual port ${isOrNot(port)} ${port.value}`);
  if (direction)
    traits.push(l10n.t`whose direction ${isOrNot(direction)} ${direction.value.toLowerCase()}`);
  if (method) traits.push(l10n.t`whose forwarding method ${isOrNot(method)} ${method.value}`);
  if (controlPort)
    traits.push(l10n.t`whose controlling port ${isOrNot(controlPort)} ${controlPort.value}`);
  if (traits.length > 0) parts.push(l10n.t`belongs to an IPVS connection ${list(traits)}`);
  return parts;
}
