import type { Check } from './check';
import { addressWithoutServer, serverWithoutAddress } from './ipvs/addresses';
import { anotherSetup } from './expected/anotherSetup';
import { nodeRulesDiffer } from './expected/nodeRulesDiffer';
import { serviceRulesDiffer } from './expected/serviceRulesDiffer';
import { clusterIpNotMasqueraded } from './ipvs/clusterIpNotMasqueraded';
import { externalIpOfNode, nodeAddressOnDevice } from './ipvs/nodeAddress';
import { nodePortAnyAddress } from './ipvs/nodePortAnyAddress';
import { entryWithoutServer, serverInNoSet } from './ipvs/sets';
import { allDrained, drained, withoutRealServer } from './ipvs/virtualServers';
import { bothBackends } from './mode/bothBackends';
import { leftovers } from './mode/leftovers';
import { modesInForceCheck } from './mode/modesInForce';
import { modeNotInForce } from './mode/notInForce';
import { affinityDiffers } from './objects/affinity';
import { endpointMissing, endpointStale } from './objects/endpoints';
import { rulesWithoutService, serviceNotProgrammed } from './objects/entries';
import { sourceRangesDiffer } from './objects/sourceRanges';
import { targetPortUnknown } from './objects/targetPort';
import { localPolicy } from './rules/localPolicy';
import { markNotCleared } from './rules/markNotCleared';
import { neverMatches } from './rules/neverMatches';
import { passedOver } from './rules/passedOver';
import { staleHostPort } from './objects/staleHostPort';
import { hostPortsOnServices } from './ipvs/hostPortsOnServices';
import { loopBackMissing } from './ipvs/loopBackMissing';
import { staleMasquerade } from './rules/staleMasquerade';
import { duplicateJumps } from './rules/duplicateJumps';
import { awsMark } from './rules/awsMark';
import { firewalldFlush } from './rules/firewalldFlush';
import { invalidPass } from './rules/invalidPass';
import { localEndpointElsewhere } from './rules/localEndpointElsewhere';
import { firewallDropsAll } from './rules/firewallDropsAll';
import { foreignMark } from './rules/foreignMark';
import { forwardDrops } from './rules/forwardDrops';
import { hairpin } from './rules/hairpin';
import { hostPort } from './rules/hostPort';
import { localCidr } from './rules/localCidr';
import { localnet } from './rules/localnet';
import { lostPort } from './rules/lostPort';
import { masqueradeMissing } from './rules/masqueradeMissing';
import { emptyChain } from './rules/emptyChain';
import { nodePortsNotAsked } from './rules/nodePortsNotAsked';
import { outsideNotMasqueraded } from './rules/outsideNotMasqueraded';
import { servicesEmpty } from './rules/servicesEmpty';
import { servicesNotReached } from './rules/servicesNotReached';
import { chainLoop } from './rules/chainLoop';
import { unreferencedChain } from './rules/unreferencedChain';
import { unevenShares } from './rules/unevenShares';
import { bridgePastRules } from './sysctls/bridgePastRules';
import { conntrackTable } from './sysctls/conntrackTable';
import { forwardingOff } from './sysctls/forwarding';
import { ipvsConntrack } from './sysctls/ipvsConntrack';
import { localhostNodePortsDead } from './sysctls/localhostNodePorts';
import { anotherDnat } from './traffic/anotherDnat';
import { dropped } from './traffic/dropped';
import { allNodePortAddresses } from './upgrade/allNodePortAddresses';
import { ipvsRemoved } from './upgrade/ipvsRemoved';
import { localhostNodePorts } from './upgrade/localhostNodePorts';
import { masqueradeAll } from './upgrade/masqueradeAll';
import { reliesOnChains } from './upgrade/reliesOnChains';

/** Every check; a new fault is one file and one entry here. */
export const checks: readonly Check[] = [
  modesInForceCheck,
  modeNotInForce,
  bothBackends,
  leftovers,
  servicesNotReached,
  servicesEmpty,
  nodePortsNotAsked,
  emptyChain,
  masqueradeMissing,
  firewallDropsAll,
  lostPort,
  hairpin,
  unevenShares,
  duplicateJumps,
  neverMatches,
  passedOver,
  unreferencedChain,
  chainLoop,
  markNotCleared,
  staleMasquerade,
  localPolicy,
  foreignMark,
  localnet,
  localCidr,
  outsideNotMasqueraded,
  hostPort,
  localEndpointElsewhere,
  invalidPass,
  awsMark,
  firewalldFlush,
  staleHostPort,
  clusterIpNotMasqueraded,
  nodeAddressOnDevice,
  externalIpOfNode,
  nodePortAnyAddress,
  hostPortsOnServices,
  loopBackMissing,
  serverWithoutAddress,
  addressWithoutServer,
  entryWithoutServer,
  serverInNoSet,
  allDrained,
  drained,
  withoutRealServer,
  serviceNotProgrammed,
  rulesWithoutService,
  endpointMissing,
  endpointStale,
  affinityDiffers,
  sourceRangesDiffer,
  targetPortUnknown,
  serviceRulesDiffer,
  nodeRulesDiffer,
  anotherSetup,
  forwardingOff,
  bridgePastRules,
  ipvsConntrack,
  conntrackTable,
  localhostNodePortsDead,
  forwardDrops,
  dropped,
  anotherDnat,
  ipvsRemoved,
  localhostNodePorts,
  allNodePortAddresses,
  reliesOnChains,
  masqueradeAll,
];

export function checkOf(code: string): Check | undefined {
  return checks.find((check) => check.code === code);
}
