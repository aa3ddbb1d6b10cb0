import { hostTold } from '../dumps/hostMarks';
import { isSameHost } from '../dumps/hostName';
import { append } from '../../core/append';

/** What the beginning of a dump tells of the host that printed it. */
export interface Host {
  /** Of a shell prompt: `root@node-a:~# ip addr`. */
  readonly name: string | undefined;
  /** The host's own addresses by interface, as far as the text shows them. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  /** Whether the other is certainly another host: another name, or other addresses of one interface. */
  isNot(other: Host): boolean;
}

/** Interfaces whose addresses change with the Services, or are alike on all nodes. */
const shared = /^(lo|kube-ipvs0|nodelocaldns|docker0|cali.*|veth.*|lxc.*)$/;

/** @param head the beginning of `ip addr`, `ip route` or another dump; 4 KiB are enough */
export function hostOf(head: string): Host {
  const name = hostTold(head);
  const addresses = new Map<string, string[]>();
  let device = '';
  for (const line of head.split('\n', 200)) {
    // `2: eth0@if9: <BROADCAST,UP> mtu 1500`
    device = /^\d+: ([^:@\s]{1,32})/.exec(line)?.[1] ?? device;
    // `    inet 10.0.0.5/24 scope global eth0`
    const listed = /^\s+inet ([\d.]{7,15})\/\d/.exec(line)?.[1];
    // `10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.5`
    const source = / src ([\d.]{7,15})/.exec(line)?.[1];
    const own = listed === undefined ? / dev (\S{1,32})/.exec(line)?.[1] : device;
    const address = listed ?? source;
    if (address === undefined || own === undefined || shared.test(own)) continue;
    append(addresses, own, address);
  }
  return {
    name,
    addresses,
    isNot(other) {
      if (name !== undefined && other.name !== undefined) return !isSameHost(name, other.name);
      return [...addresses].some(([device, own]) => {
        const others = other.addresses.get(device);
        return others !== undefined && !own.some((address) => others.includes(address));
      });
    },
  };
}
