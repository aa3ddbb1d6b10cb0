import * as l10n from '@vscode/l10n';
import { formatAddress, withPort } from '../address';
import { markEffectInWords } from '../marks/arithmetic';
import { hex } from '../hex';
import type { ConnmarkTarget, NatTarget, Target } from '../rules/target';
import { addressesInWords, intervalInWords } from './words';
import { list } from '../list';

/**
 * What happens to the packet, as the end of "A packet that ... ": `jumps to KUBE-SERVICES`.
 * `builtIn`: the rule stands in a chain such as INPUT, where RETURN means the policy.
 */
export function describeTarget(target: Target | undefined, builtIn = false): string {
  if (!target) return l10n.t('is counted and goes on with the next rule');
  switch (target.kind) {
    case 'jump':
      return l10n.t`jumps to chain ${target.chain}`;
    case 'goto':
      return l10n.t`goes to chain ${target.chain}, and from its end not back here but to the caller of this chain`;
    case 'ACCEPT':
      return l10n.t('is accepted: no further rule of this table is asked');
    case 'DROP':
      return l10n.t('is dropped without an answer');
    case 'RETURN':
      return builtIn
        ? l10n.t('meets the policy of the chain')
        : l10n.t('returns to the calling chain');
    case 'QUEUE':
      return l10n.t('is handed to a program in user space');
    case 'REJECT':
      return l10n.t`is dropped, and its sender is told by ${target.with}`;
    case 'MARK':
      return l10n.t`has its mark changed: ${markEffectInWords(target)}; goes on with the next rule`;
    case 'CONNMARK':
      return l10n.t`${connmark(target)}; goes on with the next rule`;
    case 'DNAT':
    case 'SNAT':
    case 'MASQUERADE':
    case 'REDIRECT':
      return nat(target);
    case 'NETMAP':
      return l10n.t`has the network part of its address replaced by that of ${formatAddress(target.address)}`;
    case 'SNPT':
    case 'DNPT':
      return l10n.t`has the prefix of its ${target.kind === 'SNPT' ? l10n.t('source') : l10n.t('destination')} replaced by ${formatAddress(target.to.address)}/${target.to.length}, and goes on with the next rule`;
    case 'CT':
      return target.notrack
        ? l10n.t('is left out of connection tracking, and so of NAT')
        : l10n.t`gets connection tracking settings: ${target.text}`;
    case 'LOG':
    case 'NFLOG':
    case 'AUDIT':
      return l10n.t('is logged and goes on with the next rule');
    case 'TRACE':
      return l10n.t('is traced by the kernel from here on, and goes on with the next rule');
    case 'TCPMSS':
      return l10n.t('has its TCP maximum segment size changed, and goes on with the next rule');
    case 'CHECKSUM':
      return l10n.t('has its checksum filled in, and goes on with the next rule');
    case 'NFQUEUE':
      return l10n.t`is handed to a program in user space (${target.text})${target.bypass ? l10n.t(', or goes on with the next rule where none listens') : ''}`;
    case 'TPROXY': {
      const address = target.address
        ? formatAddress(target.address)
        : l10n.t("the incoming device's address");
      const port = target.port === 0 ? l10n.t('its own port') : l10n.t`port ${target.port}`;
      return l10n.t`is handed to a local socket on ${address}, ${port}, and its mark changed: ${markEffectInWords(target)}`;
    }
    case 'SET': {
      const sides = list(
        target.directions.map((side) =>
          side === 'src' ? l10n.t('source') : l10n.t('destination'),
        ),
      );
      const verb = {
        add: l10n.t('added to'),
        del: l10n.t('removed from'),
        map: l10n.t('looked up in'),
      }[target.operation];
      return l10n.t`has its ${sides} ${verb} set ${target.set}, and goes on with the next rule`;
    }
    case 'TOS':
    case 'DSCP':
    case 'TTL':
    case 'HL':
      return l10n.t`has its ${target.kind} changed (${target.text}), and goes on with the next rule`;
    case 'unmodelled-target':
      return l10n.t`meets target ${target.name}, which is not known here`;
  }
}

function nat(target: NatTarget): string {
  const { kind, addresses, ports, portBase } = target;
  const how = [
    target.fullyRandom
      ? l10n.t('a fully random port')
      : target.random
        ? l10n.t('a random port')
        : undefined,
    target.persistent ? l10n.t('always the same for one client') : undefined,
  ].filter((part) => part !== undefined);
  const suffix = how.length > 0 ? `, ${list(how)}` : '';
  const shift = portBase === undefined ? '' : l10n.t`, shifted from base ${portBase}`;
  const toPort = ports ? l10n.t`port ${intervalInWords(ports)}${shift}` : undefined;
  switch (kind) {
    case 'MASQUERADE':
      return l10n.t`has its source rewritten to the address of the outgoing device${toPort ? `, ${toPort}` : ''}${suffix}`;
    case 'REDIRECT':
      return l10n.t`is sent to this node itself${toPort ? `, ${toPort}` : ''}${suffix}`;
    case 'DNAT':
    case 'SNAT': {
      const side = kind === 'DNAT' ? l10n.t('destination') : l10n.t('source');
      const single = addresses && ports && ports.from === ports.to && portBase === undefined;
      const to =
        single && formatAddress(addresses.from) === formatAddress(addresses.to)
          ? withPort(addresses.from, ports.from)
          : [addresses && addressesInWords(addresses), toPort].filter(Boolean).join(l10n.t(', '));
      return l10n.t`has its ${side} rewritten to ${to || 'nothing'}${suffix}`;
    }
  }
}

function connmark({ operation }: ConnmarkTarget): string {
  if ('set' in operation)
    return l10n.t`has its connection's mark changed: ${markEffectInWords(operation.set)}`;
  if ('save' in operation) {
    const { nfmask, ctmask } = operation.save;
    return l10n.t`has its mark saved in the connection (bits ${hex(nfmask)} into ${hex(ctmask)})`;
  }
  const { nfmask, ctmask } = operation.restore;
  return l10n.t`gets its connection's mark (bits ${hex(ctmask)} into ${hex(nfmask)})`;
}
