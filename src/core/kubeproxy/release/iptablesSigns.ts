import * as l10n from '@vscode/l10n';
import type { Work } from '../../work';
import type { LiveRules } from './dump';
import type { ReleaseSign } from './sign';

/** What iptables mode's rules tell; `six`: the same of IPv6. Only tables that are there are asked. */
export function* iptablesSigns(four: LiveRules, six: LiveRules | undefined): Work<ReleaseSign[]> {
  const nat = natSigns(four);
  yield;
  return [...nat, ...filterSigns(four), ...sixSigns(six)];
}

const servicePort = /^KUBE-(?:SVC|SVL|EXT|FW|XLB)-/;

function natSigns(live: LiveRules): ReleaseSign[] {
  const signs: ReleaseSign[] = [];
  const see = (fits: boolean, sign: ReleaseSign) => {
    if (fits) signs.push(sign);
  };
  see(live.hasKind('nat', 'KUBE-EXT') || live.hasKind('nat', 'KUBE-SVL'), {
    since: 24,
    text: l10n.t('chains KUBE-EXT- or KUBE-SVL-'),
  });
  see(live.hasKind('nat', 'KUBE-XLB'), { since: 4, until: 23, text: l10n.t('chains KUBE-XLB-') });
  see(live.some('nat', /^KUBE-FW-/, / --comment "other traffic to [^"]*"$/), {
    since: 27,
    text: l10n.t('KUBE-FW- ends in a rule without a target'),
  });
  see(live.some('nat', 'KUBE-NODEPORTS', /--nfacct-name/), {
    since: 31,
    text: l10n.t('a counter nfacct in KUBE-NODEPORTS'),
  });
  see(live.some('nat', servicePort, / -> [^"\s]+" (?:-m statistic [^"]*)?-j KUBE-SEP-/), {
    since: 24,
    text: l10n.t('comments that name the endpoint'),
  });
  see(live.some('nat', /^KUBE-SV[CL]-/, /cluster IP" [^"]*-j KUBE-MARK-MASQ/), {
    since: 22,
    text: l10n.t('the masquerade rule of a ClusterIP in KUBE-SVC-'),
  });
  see(live.some('nat', 'KUBE-SERVICES', /cluster IP" [^"]*-j KUBE-MARK-MASQ/), {
    until: 21,
    text: l10n.t('the masquerade rule of a ClusterIP in KUBE-SERVICES'),
  });
  see(live.some('nat', 'KUBE-NODEPORTS', /^-p .*-j KUBE-MARK-MASQ$/), {
    until: 21,
    text: l10n.t('marks in KUBE-NODEPORTS'),
  });
  see(live.some('nat', 'KUBE-SERVICES', /physdev/), {
    until: 20,
    text: l10n.t('physdev in the rules of external IPs'),
  });
  see(live.some('nat', 'KUBE-SERVICES', /--comment "[^" :/]+\/[^" :/]+: cluster IP"/), {
    until: 18,
    text: l10n.t('a colon behind the name of an unnamed port'),
  });
  see(live.some('nat', servicePort, /--probability 0\.(?:33332999982|16667000018)/), {
    until: 16,
    text: l10n.t('probabilities of five decimals'),
  });
  see(live.some('nat', servicePort, /--probability 0\.(?:33333333349|16666666651)/), {
    since: 17,
    text: l10n.t('probabilities of ten decimals'),
  });
  const isThree = live.some('nat', 'KUBE-POSTROUTING', /-m mark ! --mark \S+ -j RETURN/);
  see(isThree, { since: 16, text: l10n.t('KUBE-POSTROUTING of three rules') });
  see(!isThree && live.some('nat', 'KUBE-POSTROUTING', /requiring SNAT/), {
    until: 18,
    text: l10n.t('KUBE-POSTROUTING of one rule'),
  });
  return signs;
}

function filterSigns(live: LiveRules): ReleaseSign[] {
  if (!live.has('filter')) return [];
  const signs: ReleaseSign[] = [];
  const hook = (chain: string, to: string, rest = '') =>
    live.some('filter', chain, new RegExp(`${rest}-j ${to}$`));
  /** What every node of a release has: its absence tells as much. */
  const always = (fits: boolean, since: number, text: string) => {
    signs.push(fits ? { since, text } : { until: since - 1, text: l10n.t`no ${text}` });
  };
  const firewall = 'load balancer firewall" ';
  always(
    hook('FORWARD', 'KUBE-PROXY-FIREWALL', firewall),
    25,
    l10n.t('jump to KUBE-PROXY-FIREWALL'),
  );
  always(hook('INPUT', 'KUBE-NODEPORTS'), 21, l10n.t('jump from INPUT to KUBE-NODEPORTS'));
  const external = l10n.t('jump from FORWARD to KUBE-EXTERNAL-SERVICES');
  always(hook('FORWARD', 'KUBE-EXTERNAL-SERVICES'), 20, external);
  always(hook('FORWARD', 'KUBE-SERVICES'), 14, l10n.t('jump from FORWARD to KUBE-SERVICES'));
  always(hook('INPUT', 'KUBE-EXTERNAL-SERVICES'), 10, l10n.t('jump to KUBE-EXTERNAL-SERVICES'));
  if (!hook('INPUT', 'KUBE-FIREWALL')) {
    signs.push({ until: 26, text: l10n.t('no jump from INPUT to KUBE-FIREWALL') });
  }
  const one = live.some('filter', 'KUBE-FORWARD', /forwarding conntrack rule/);
  const pods = live.some('filter', 'KUBE-FORWARD', /^-m comment .*conntrack pod source rule/);
  if (one) signs.push({ since: 23, text: l10n.t('one conntrack rule in KUBE-FORWARD') });
  if (pods)
    signs.push({ since: 18, until: 22, text: l10n.t('two equal conntrack rules in KUBE-FORWARD') });
  if (live.some('filter', 'KUBE-FORWARD', /^-s .*conntrack pod source rule/)) {
    signs.push({ until: 17, text: l10n.t('clusterCIDR in KUBE-FORWARD') });
  }
  if (live.some('filter', 'KUBE-FORWARD', /--ctstate INVALID/)) {
    signs.push({ since: 15, text: l10n.t('KUBE-FORWARD drops INVALID') });
  }
  if (live.some('filter', 'KUBE-FORWARD', /--nfacct-name/)) {
    signs.push({ since: 31, text: l10n.t('a counter nfacct in KUBE-FORWARD') });
  }
  return signs;
}

function sixSigns(live: LiveRules | undefined): ReleaseSign[] {
  if (!live?.has('nat')) return [];
  const jump = /--dst-type LOCAL [^-]*-j KUBE-NODEPORTS$/;
  if (live.some('nat', 'KUBE-SERVICES', /^! -d ::1\/128 .*-j KUBE-NODEPORTS$/)) {
    return [{ since: 26, text: l10n.t('IPv6 node ports leave ::1 out') }];
  }
  return live.some('nat', 'KUBE-SERVICES', jump)
    ? [{ until: 25, text: l10n.t('IPv6 node ports on ::1 too') }]
    : [];
}
