import { formatAddress, type Family, withPort } from '../../address';
import type { IpvsState, VirtualServer } from '../../ipvs/state';
import { wholeIpvs } from '../../ipvs/wholeIpvs';
import type { NodeState } from '../../node';
import type { ActualRule, ActualTables } from '../../rules/ruleTexts';

/**
 * Sets, virtual servers and the addresses of kube-ipvs0 of one family, as texts like those that are
 * expected. What no dump holds is left out, and so not compared.
 */
export function ipvsActual(state: NodeState, family: Family): ActualTables {
  const tables = new Map<string, ReadonlyMap<string, readonly ActualRule[]>>();
  if (state.sets) tables.set('ipset', setsOf(state.sets, family));
  const ipvs = wholeIpvs(state);
  if (ipvs) tables.set('ipvs', serversOf(ipvs, family));
  const addresses = addressesOf(state, family);
  if (addresses) tables.set('kube-ipvs0', new Map([['addresses', addresses]]));
  return tables;
}

function setsOf(sets: NonNullable<NodeState['sets']>, family: Family) {
  const found = new Map<string, readonly ActualRule[]>();
  for (const { name, type, family: own, entries, range, complete } of sets.values()) {
    if (!complete || name.startsWith('KUBE-6-') !== (family === 6)) continue;
    const header = own === undefined ? type : `${type} family ${own === 4 ? 'inet' : 'inet6'}`;
    found.set(`@${name}`, [
      { text: header, line: range.line },
      ...Array.from(entries, ({ text, range: { line } }) => ({ text, line })),
    ]);
  }
  return found;
}

function serversOf({ virtualServers }: IpvsState, family: Family) {
  const found = new Map<string, readonly ActualRule[]>();
  for (const server of virtualServers) {
    const { address, port, protocol, range, realServers } = server;
    if (address?.family !== family || port === undefined) continue;
    const option = protocol === 6 ? '-t' : protocol === 17 ? '-u' : '--sctp-service';
    found.set(`${option} ${withPort(address, port)}`, [
      { text: optionsOf(server), line: range.line },
      // Weight 0: an endpoint that went, whose connections are let end.
      ...realServers
        .filter(({ weight }) => weight !== 0)
        .map((real) => ({
          text: `-r ${withPort(real.address, real.port)} -m -w ${real.weight}`,
          line: real.range.line,
        })),
    ]);
  }
  return found;
}

function optionsOf({ scheduler, persistent, flags }: VirtualServer): string {
  const timeout = persistent === undefined ? '' : ` -p ${persistent}`;
  return `-s ${scheduler ?? '?'}${timeout}${flags.length > 0 ? ` -b ${flags.join(',')}` : ''}`;
}

function addressesOf({ interfaces }: NodeState, family: Family): readonly ActualRule[] | undefined {
  const device = interfaces?.find(({ name }) => name === 'kube-ipvs0');
  return device?.addresses
    .filter(({ address }) => address.family === family && address.words[0]! >>> 22 !== 0x3fa)
    .map(({ address, range }) => ({ text: formatAddress(address), line: range.line }));
}
