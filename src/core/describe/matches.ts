import { extensionInWords } from './extensionMatches';
import { markTestInWords } from '../marks/arithmetic';
import { protocolName } from '../protocol';
import { tcpFlagBits } from '../packet';
import { hiddenInterfaces } from '../rules/match';
import type {
  AddressTypeMatch,
  ConntrackMatch,
  Match,
  PortMatch,
  RecentMatch,
  SetMatch,
  VirtualServerMatch,
} from '../rules/match';
import {
  addressesInWords,
  deviceInWords,
  intervalInWords,
  isOrNot,
  list,
  networkInWords,
  percent,
} from './words';

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
      return [`${match.negated ? 'does not come' : 'comes'} from ${networkInWords(match.network)}`];
    case 'destination':
      return [`${match.negated ? 'does not go' : 'goes'} to ${networkInWords(match.network)}`];
    case 'in-interface':
      return [`${match.negated ? 'did not come' : 'came'} in by ${deviceInWords(match.pattern)}`];
    case 'out-interface':
      return [`${match.negated ? 'does not leave' : 'leaves'} by ${deviceInWords(match.pattern)}`];
    case 'fragment':
      return [match.negated ? 'is no later fragment' : 'is a second or later fragment'];
    case 'tcp':
    case 'udp':
    case 'udplite':
    case 'sctp':
    case 'dccp':
      return ports(match);
    case 'icmp':
    case 'icmp6':
      return [`${isOrNot(match)} of ${match.kind} type ${match.type}${codes(match.codes)}`];
    case 'comment':
    case 'nfacct':
      return [];
    case 'mark':
    case 'connmark': {
      const whose = match.kind === 'mark' ? 'mark' : "connection's mark";
      return [`has a ${whose} where ${markTestInWords(match)}`];
    }
    case 'conntrack':
      return conntrack(match);
    case 'addrtype':
      return addressType(match);
    case 'set':
      return [set(match)];
    case 'multiport': {
      const side = {
        source: 'source',
        destination: 'destination',
        either: 'source or destination',
      };
      const among = list(match.ports.map(intervalInWords), 'or');
      return [`has a ${side[match.side]} port that ${isOrNot(match)} ${among}`];
    }
    case 'statistic': {
      const { mode, negated } = match;
      if ('random' in mode) {
        const chance = negated ? 1 - mode.random : mode.random;
        return [`is chosen by chance (${percent(chance)} of those that come this far)`];
      }
      const nth = `one of every ${mode.every} that come this far`;
      return [negated ? `is not ${nth}` : `is ${nth}`];
    }
    case 'recent':
      // `--set` always succeeds (xt_recent.c): what it does is in describeEffect.
      if (match.action === 'set') return match.negated ? ['never matches'] : [];
      return [recent(match)];
    case 'limit':
    case 'hashlimit':
      return [`${match.above ? 'exceeds' : 'stays within'} the rate ${match.text}`];
    case 'iprange':
      return [
        match.source &&
          `comes from ${match.source.negated ? 'outside ' : ''}${addressesInWords(match.source.value)}`,
        match.destination &&
          `goes to ${match.destination.negated ? 'outside ' : ''}${addressesInWords(match.destination.value)}`,
      ].filter((part) => part !== undefined);
    case 'owner':
      return [
        match.uid &&
          `was sent by a process whose user id ${isOrNot(match.uid)} ${intervalInWords(match.uid.value)}`,
        match.gid &&
          `was sent by a process whose group id ${isOrNot(match.gid)} ${intervalInWords(match.gid.value)}`,
        match.socketExists &&
          (match.socketExists.negated ? 'belongs to no socket' : 'belongs to a socket'),
      ].filter((part) => part !== undefined);
    case 'physdev':
      return [
        match.in &&
          `${match.in.negated ? 'did not come' : 'came'} in by bridge port ${deviceInWords(match.in.value)}`,
        match.out &&
          `${match.out.negated ? 'does not leave' : 'leaves'} by bridge port ${deviceInWords(match.out.value)}`,
        match.isIn && `${match.isIn.negated ? 'did not come' : 'came'} in by a bridge port`,
        match.isOut && `${match.isOut.negated ? 'does not leave' : 'leaves'} by a bridge port`,
        match.isBridged && `${isOrNot(match.isBridged)} bridged`,
      ].filter((part) => part !== undefined);
    case 'rpfilter':
      return [
        `${match.invert ? 'fails' : 'passes'} the reverse path test${match.loose ? ' (by any device)' : ''}`,
      ];
    case 'socket':
      return [`belongs to an open${match.transparent ? ' transparent' : ''} socket`];
    case 'tos':
      return [
        `has a TOS byte whose bits 0x${match.mask.toString(16)} ${match.negated ? 'are not' : 'are'} 0x${match.value.toString(16)}`,
      ];
    case 'dscp':
      return [`has a DSCP that ${isOrNot(match)} ${match.value >> 2}`];
    case 'ttl':
    case 'hl': {
      const name = match.kind === 'ttl' ? 'TTL' : 'hop limit';
      const than = { equal: '', less: 'less than ', greater: 'greater than ' }[match.comparison];
      return [`has a ${name} that ${isOrNot(match)} ${than}${match.value}`];
    }
    case 'length':
      return [`${isOrNot(match)} ${intervalInWords(match.bytes)} bytes long`];
    case 'pkttype':
      return [`${isOrNot(match)} ${match.type} on the link`];
    case 'mac':
      return [`${match.negated ? 'does not come' : 'comes'} from MAC address ${match.address}`];
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
        return ['comes in and leaves by devices that this listing hides (list with -v)'];
      }
      return [`satisfies ${`${match.name} ${match.text}`.trim()} (not evaluated here)`];
  }
}

/** What a match changes by being asked, as a sentence of its own; undefined for the many that don't. */
export function describeEffect(match: Match): string | undefined {
  if (match.kind !== 'recent' || match.negated) return undefined;
  const address = match.side === 'source' ? 'source' : 'destination';
  switch (match.action) {
    case 'set':
      return `its ${address} is put on list ${match.name}`;
    case 'update':
      return `the time of its ${address} on list ${match.name} is renewed`;
    case 'remove':
      return `its ${address} is removed from list ${match.name}`;
    case 'rcheck':
      return undefined;
  }
}

function codes({ from, to }: { from: number; to: number }): string {
  return from === 0 && to === 255 ? '' : ` code ${intervalInWords({ from, to })}`;
}

function ports({ kind, sport, dport, flags, unmodelled }: PortMatch): string[] {
  const parts: string[] = [];
  if (sport)
    parts.push(
      `${sport.negated ? 'does not come' : 'comes'} from port ${intervalInWords(sport.value)}`,
    );
  if (dport)
    parts.push(`${dport.negated ? 'does not go' : 'goes'} to port ${intervalInWords(dport.value)}`);
  if (flags) {
    const { mask, set: bits } = flags.value;
    const among = `of the flags ${flagNames(mask)} has exactly ${flagNames(bits)} set`;
    parts.push(flags.negated ? `not so that it ${among}` : among);
  }
  if (unmodelled) parts.push(`satisfies ${kind} ${unmodelled} (not evaluated here)`);
  return parts;
}

/** `SYN and ACK`, `none`. */
function flagNames(bits: number): string {
  const names = Object.entries(tcpFlagBits).flatMap(([name, bit]) => (bits & bit ? [name] : []));
  return names.length === 0 ? 'none' : list(names);
}

function conntrack(match: ConntrackMatch): string[] {
  const { states, statuses, protocol, direction, expire } = match;
  const parts: string[] = [];
  if (states) parts.push(`${isOrNot(states)} in conntrack state ${list(states.value, 'or')}`);
  if (statuses)
    parts.push(`has a connection whose status ${isOrNot(statuses)} ${list(statuses.value, 'or')}`);
  if (protocol)
    parts.push(
      `has a connection whose protocol ${isOrNot(protocol)} ${protocolName(protocol.value)}`,
    );
  const addresses = [
    ['original source', match.originalSource],
    ['original destination', match.originalDestination],
    ['reply source', match.replySource],
    ['reply destination', match.replyDestination],
  ] as const;
  for (const [name, value] of addresses) {
    if (value)
      parts.push(`has a connection whose ${name} ${isOrNot(value)} ${networkInWords(value.value)}`);
  }
  const numbers = [
    ['original source port', match.originalSourcePort],
    ['original destination port', match.originalDestinationPort],
    ['reply source port', match.replySourcePort],
    ['reply destination port', match.replyDestinationPort],
  ] as const;
  for (const [name, value] of numbers) {
    if (value)
      parts.push(
        `has a connection whose ${name} ${isOrNot(value)} ${intervalInWords(value.value)}`,
      );
  }
  if (expire)
    parts.push(
      `has a connection that expires in ${expire.negated ? 'other than ' : ''}${intervalInWords(expire.value)} s`,
    );
  if (direction) parts.push(`flows in the ${direction.toLowerCase()} direction of its connection`);
  return parts;
}

function addressType({ source, destination, limitIn, limitOut }: AddressTypeMatch): string[] {
  const limit = limitIn ? ' of the incoming device' : limitOut ? ' of the outgoing device' : '';
  const part = (verb: string, { value, negated }: NonNullable<AddressTypeMatch['source']>) => {
    const own = value.length === 1 && value[0] === 'LOCAL';
    const kind = own
      ? `an address of this node (LOCAL)${limit}`
      : `a ${list(value, 'or')} address${limit}`;
    return `${verb} ${negated ? `anything but ${kind}` : kind}`;
  };
  return [source && part('comes from', source), destination && part('goes to', destination)].filter(
    (text) => text !== undefined,
  );
}

function set({ name, directions, negated, returnNomatch, counterTests }: SetMatch): string {
  const nomatch = returnNomatch ? ' as a nomatch element' : '';
  const tests = counterTests ? ` with ${counterTests}` : '';
  return `${isOrNot({ negated })} in set ${name} (${directions.join(',')})${nomatch}${tests}`;
}

function recent({ name, side, seconds, hitcount, negated }: RecentMatch): string {
  const address = side === 'source' ? 'source' : 'destination';
  const time = seconds === undefined ? '' : ` within the last ${seconds} s`;
  const hits = hitcount === undefined ? '' : ` at least ${hitcount} times`;
  const seen = negated ? 'was not seen' : 'was seen';
  return `has a ${address} that ${seen} on list ${name}${hits}${time}`;
}

function virtualServer(match: VirtualServerMatch): string[] {
  const { ipvs, protocol, address, port, direction, method, controlPort } = match;
  const parts: string[] = [];
  if (ipvs) parts.push(`${ipvs.negated ? 'belongs to no' : 'belongs to an'} IPVS connection`);
  const traits: string[] = [];
  if (protocol) traits.push(`whose protocol ${isOrNot(protocol)} ${protocolName(protocol.value)}`);
  if (address)
    traits.push(`whose virtual address ${isOrNot(address)} ${networkInWords(address.value)}`);
  if (port) traits.push(`whose virtual port ${isOrNot(port)} ${port.value}`);
  if (direction)
    traits.push(`whose direction ${isOrNot(direction)} ${direction.value.toLowerCase()}`);
  if (method) traits.push(`whose forwarding method ${isOrNot(method)} ${method.value}`);
  if (controlPort)
    traits.push(`whose controlling port ${isOrNot(controlPort)} ${controlPort.value}`);
  if (traits.length > 0) parts.push(`belongs to an IPVS connection ${list(traits)}`);
  return parts;
}
