import { nftNameParts, nftPurpose } from '../../../core/kubeproxy/nftables/known';
import type { Lines } from '../../textLines';
import type { Block, TableBlock } from './blocks';

/**
 * What table it is whose `table ip NAME {` line is cut off: kube-proxy's own, where its chains, sets or
 * maps have the names that kube-proxy gives them, of the family of the addresses in it.
 */
export function cutTable(
  blocks: readonly Block[],
  lines: Lines,
): Pick<TableBlock, 'family' | 'name'> {
  const isProxys = blocks.some(
    ({ kind, name }) =>
      nftNameParts(name) !== undefined ||
      ((kind === 'set' || kind === 'map') && nftPurpose('set', name) !== undefined),
  );
  return isProxys
    ? { family: familyOf(blocks, lines), name: 'kube-proxy' }
    : { family: undefined, name: '' };
}

/** IPv4's where nothing tells: a map of NodePorts holds no address. */
function familyOf(blocks: readonly Block[], lines: Lines): 'ip' | 'ip6' {
  for (const { line, end } of blocks) {
    for (let at = line; at < end; at++) {
      const text = lines.line(at);
      if (/\bipv6_addr\b|\bip6\b/.test(text)) return 'ip6';
      if (/\bipv4_addr\b|\bip\b/.test(text)) return 'ip';
    }
  }
  return 'ip';
}
