import * as l10n from '@vscode/l10n';
import type { SourceRange } from '../../source';
import type { Found } from '../check';

/**
 * Where most of the addresses that kube-proxy put somewhere have no virtual server, the dump of IPVS is cut, of
 * another node, or of the network namespace of a container: told once, in place of each address.
 *
 * @param holder `kube-ipvs0`
 */
export function notTogether(
  holder: string,
  lacking: number,
  all: number,
  range: SourceRange,
): Found | undefined {
  if (lacking * 2 <= all) return undefined;
  return {
    severity: 'information',
    message: l10n.t`Addresses in ${holder} have no virtual server: ${lacking} of ${all}. These virtual servers are not of this node's network namespace and time, or IPVS was emptied.`,
    range,
  };
}
