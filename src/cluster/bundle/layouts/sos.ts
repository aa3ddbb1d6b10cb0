import * as l10n from '@vscode/l10n';
import type { BundleLayout } from '../layout';

const below = (folder: string, file: string) => new RegExp(`(^|/)sos_commands/${folder}/${file}$`);

/**
 * sosreport/sos: a file is named as its command, other characters than letters as `_`. Of the host's
 * own namespace there are listings only; iptables-save is of other namespaces, and not taken.
 */
export const sos: BundleLayout = {
  id: 'sos',
  title: 'sos report',
  marks: [/(^|\/)sos_commands\//],
  nodeName: /^sosreport-(?<node>[\w.]+(-[\w.]+)*?)-\d{4}-\d\d-\d\d/,
  files: [
    ...['nat', 'filter', 'mangle', 'raw', 'security'].flatMap((table) =>
      ['iptables', 'ip6tables'].map((program) => ({
        path: below('firewall_tables', `${program}_-t_${table}_-nvL`),
        as: `${program}-${table}-L-n-v.txt`,
      })),
    ),
    { path: below('firewall_tables', 'nft_-a_list_ruleset'), as: 'nft-list-ruleset.txt' },
    { path: below('ipvs', 'ipvsadm_-Ln'), as: 'ipvsadm-Ln.txt' },
    { path: below('ipvs', 'ipvsadm_-Ln_--connection'), as: 'ipvsadm-Lnc.txt' },
    { path: below('networking', 'ip_-d_address'), as: 'ip-addr.txt' },
    { path: below('networking', 'ip_-o_addr'), as: 'ip-o-addr.txt' },
    { path: below('networking', 'ip_route_show_table_all'), as: 'ip-route-show-table-all.txt' },
    { path: below('networking', 'ip_-4_rule_list'), as: 'ip-rule.txt' },
    { path: /(^|\/)proc\/net\/ip_vs$/, as: 'proc-net-ip_vs.txt' },
    { path: /(^|\/)sos_commands\/kernel\/sysctl_-a$/, as: 'sysctl.txt' },
    {
      // bounded: a path
      path: below(
        'kubernetes',
        '(?:[^/]+/)?kubectl_get_(?:[^/]*_)?(?:services|endpoints|endpointslices|pods|nodes)',
      ),
      as: 'objects',
    },
  ],
  remarks: [l10n.t`sos collects no ipset: what the rules match against sets stays open.`],
};
