/** The languages of the dumps that tell of a node. */
export const nodeLanguages: ReadonlySet<string> = new Set([
  'iptables-save',
  'nft-listing',
  'ipvsadm',
  'ipset',
  'ip-address',
]);
