import type { NetworkInterface, NodeState } from '../../core/node';
import type { Ruleset } from '../../core/rules/ruleset';
import { parseIpAddress } from '../../syntax/ip/address';
import { parseIpRoute } from '../../syntax/ip/route';
import { parseIpRule } from '../../syntax/ip/rule';
import { parseIpvsSave } from '../../syntax/ipvs/save';
import type { IpvsState } from '../../core/ipvs/state';
import { parseIpsetSave } from '../../syntax/ipset/save';
import { rulesetsOfText } from '../../syntax/iptables/ruleset/ruleset';
import type { LineParser } from '../../syntax/treeSitter';
import type { Backend } from './compare';
import { addressText, deviceNames } from './addressText';
import type { OracleCase } from './format';
import { loaded } from './run';
import { sysctlsOf } from './sysctls';

/** The node of a case, read by the parsers that read dumps. */
export function nodeOf(oracle: OracleCase, parser: LineParser, backend: Backend): NodeState {
  const { name, ruleset, ruleset_nft: nft } = oracle;
  const text = backend === 'nft' ? (nft ?? ruleset) : ruleset;
  const sets = parseIpsetSave(oracle.ipset, `${name}/ipset`);
  const interfaces = parseIpAddress(addressText(oracle), `${name}/addrs`);
  const family = oracle.family ?? 4;
  const routes = parseIpRoute(oracle.routes_all, `${name}/routes_all`, { family });
  const rules = parseIpRule(oracle.rules_all ?? standardRules, `${name}/rules_all`, family);
  const read = rulesetsOfText(`${name}/ruleset`, text, parser);
  // What was recorded through iptables-nft is the legacy text unless it differs.
  const rulesets: readonly Ruleset[] =
    backend === 'nft' ? read.map((ruleset) => ({ ...ruleset, backend: 'nf_tables' })) : read;
  return {
    name,
    rulesets,
    sets: sets.value,
    interfaces: interfaces.value.map((device) => withHairpin(device, oracle)),
    routes: routes.value,
    routingRules: rules.value,
    groups: new Map(deviceNames(oracle).map((device) => [device, []])),
    ipvs: ipvsOf(oracle),
    sysctls: sysctlsOf(oracle),
    findings: [sets, interfaces, routes, rules].flatMap(({ findings }) => findings),
  };
}

/** `-S` was recorded as added. Other recordings were made without any virtual server. */
function ipvsOf({ name, ipvsadm }: OracleCase): IpvsState {
  return loaded(parseIpvsSave(ipvsadm ?? '', `${name}/ipvsadm`).value);
}

/** Recordings without `rules_all` were made on a node that has only the kernel's own rules. */
const standardRules =
  '0: from all lookup local\n32766: from all lookup main\n32767: from all lookup default\n';

/** As `bridge -d link` shows the ports. */
function withHairpin(device: NetworkInterface, { topology }: OracleCase): NetworkInterface {
  const { hairpin } = topology;
  return device.master === undefined || hairpin === undefined ? device : { ...device, hairpin };
}
