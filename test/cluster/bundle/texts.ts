import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const sample = 'samples/kubernetes-1.36-iptables';
const own = (file: string) => readFile(join(sample, 'node-a', file), 'utf8');

/** Own data, put into the layout of each collector. */
export async function texts() {
  const [save, six, addresses, routes, sets, listing] = await Promise.all(
    [
      'iptables-save.txt',
      'ip6tables-save.txt',
      'ip-addr.txt',
      'ip-route.txt',
      'ipset-save.txt',
      'iptables-nat-L-nv.txt',
    ].map(own),
  );
  const services = await readFile(join(sample, 'objects/services.yaml'), 'utf8');
  const slices = await readFile(join(sample, 'objects/endpointslices.yaml'), 'utf8');
  const nft = 'table ip nat {\n\tchain KUBE-SERVICES {\n\t}\n}\n';
  const nat = save!.slice(save!.indexOf('*nat'));
  const rules = nat.split('\n').filter((line) => line.startsWith('-A '));
  return {
    save: save!,
    six: six!,
    addresses: addresses!,
    routes: routes!,
    sets: sets || 'create KUBE-X hash:ip family inet\n',
    listing: listing!,
    services,
    slices,
    nft,
    dashS: ['-P PREROUTING ACCEPT', '-P POSTROUTING ACCEPT', '-N KUBE-SERVICES', ...rules].join(
      '\n',
    ),
  };
}

export type Texts = Awaited<ReturnType<typeof texts>>;
