import { l10n } from '../../l10n';
import type { NodeState } from '../../node';
import { own } from '../../own';
import type { MetaExpression } from '../../rules/expression';
import { hardwareTypes, packetTypes, protocolFamilies } from '../../rules/nftNumbers';
import type { StatementContext } from '../match/context';
import { undecided } from '../undecided';
import { deviceGroup } from '../device';
import { frameType } from '../match/packet';
import type { Device } from '../device';
import { fails, number, text, unsure } from './computed';
import type { Computed } from './computed';

/** nft_meta_get_eval (net/netfilter/nft_meta.c). */
export function metaValue({ key }: MetaExpression, context: StatementContext): Computed {
  const { state, run, node } = context;
  const { header, packet } = state;
  switch (key) {
    case 'mark':
      return number(state.mark);
    case 'l4proto':
      return number(header.protocol);
    case 'nfproto':
      return number(
        header.destination.family === 4 ? protocolFamilies.ipv4 : protocolFamilies.ipv6,
      );
    case 'protocol':
      return number(header.destination.family === 4 ? 0x0800 : 0x86dd);
    case 'iifname':
    case 'iif':
      return device(run.inDevice, l10n.t`the device it comes in by`);
    case 'oifname':
    case 'oif':
      return device(run.outDevice, l10n.t`the device it leaves by`);
    case 'iifgroup':
      return group(run.inDevice, node, `meta ${key}`);
    case 'oifgroup':
      return group(run.outDevice, node, `meta ${key}`);
    case 'iifkind':
      return kind(run.inDevice, node, `meta ${key}`);
    case 'oifkind':
      return kind(run.outDevice, node, `meta ${key}`);
    case 'iiftype':
      return hardware(currentDevice(run), node, `meta ${key}`);
    case 'oiftype':
      return hardware(run.outDevice, node, `meta ${key}`);
    case 'length':
      return packet.length === undefined ? unsure(l10n.t`its length`) : number(packet.length);
    case 'pkttype':
      return number(packetTypes[frameType(node, state)]);
    case 'skuid':
    case 'skgid':
      return owner(key, context);
    case 'random':
      return {
        kind: 'chance',
        what: 'meta random',
        among: [{ from: 0, to: 0xffffffff }],
        even: true,
        of: number,
      };
    default:
      return unsure(`meta ${key}`, undecided(`meta ${key}`) ?? l10n.t`meta ${key} is not modelled`);
  }
}

/** skb->dev: ip_output makes it the one it leaves by before POSTROUTING; OUTPUT has none yet. */
function currentDevice({ hook, inDevice, outDevice }: StatementContext['run']): Device {
  return hook === 'postrouting' ? outDevice : inDevice;
}

/** A hook without a device of that kind has the name ''. */
function device(name: Device, what: string): Computed {
  return name === undefined ? unsure(what, l10n.t`the device is not known`) : text(name);
}

/** `ip addr` prints the group 0 as `default`; other names are those of the node's iproute2. */
function group(name: Device, node: NodeState, what: string): Computed {
  if (name === '') return fails;
  const known = deviceGroup(node, name);
  return known === undefined
    ? unsure(what, l10n.t`the group of the device is not known`)
    : number(known);
}

/** Without a kind (a network card, lo) the rule fails; `ip addr` without `-d` prints none of any device. */
function kind(name: Device, node: NodeState, what: string): Computed {
  if (name === '') return fails;
  const found = node.interfaces?.find((one) => one.name === name);
  if (found?.kind !== undefined) return text(found.kind);
  if (found?.flags.includes('LOOPBACK')) return fails;
  return unsure(what, l10n.t`the kind of the device is not known`);
}

/** The type of its link addresses: `link/ether` of `ip addr` is ARPHRD_ETHER. */
function hardware(name: Device, node: NodeState, what: string): Computed {
  if (name === '') return fails;
  const found = node.interfaces?.find((one) => one.name === name)?.linkType;
  const known = found === undefined ? undefined : own(hardwareTypes, found);
  return known === undefined
    ? unsure(what, l10n.t`the hardware type of the device is not known`)
    : number(known);
}

/** Only a packet of the node itself has a socket; others fail the rule. */
function owner(key: string, { state }: StatementContext): Computed {
  const { packet, looped } = state;
  if (packet.inInterface !== undefined || looped) return fails;
  const id = key === 'skuid' ? packet.owner?.uid : packet.owner?.gid;
  return id === undefined ? unsure(l10n.t`the sender's ${key.slice(2)}`) : number(id);
}
