import * as l10n from '@vscode/l10n';
import type { Finding } from '../../finding';
import type { SourceRange } from '../../source';
import type { RuleDifference } from '../compare/chains';
import type { RuleRole } from '../rules';
import type { Agreement, PortAgreement } from './agreement';
import { differInEndpoints, isChooser } from './choosers';
import { isOfEndpoint } from './reason';

/** What a comparison of one dump with the expected rules is told with. */
export interface AgreementFacts {
  /** The dump, as ranges name it. */
  readonly source: string;
  /** 36 of Kubernetes 1.36. */
  readonly release: number;
  /**
   * Checks of their own judge endpoints, entries, source ranges, affinity, and Services without rules
   * or rules without one: what differs in nothing else is left to them.
   */
  readonly partsJudged?: boolean;
  /** False in nftables mode, whose source ranges no check of their own judges. */
  readonly rangesJudged?: boolean;
  /** Rules of the release are computed exactly, and the dump is surely of it. */
  readonly exact: boolean;
}

/**
 * Service ports and whole-node parts that are not as kube-proxy writes them. Where most differ, it
 * is the configuration or the release that is not this node's: that is told instead.
 */
export function agreementFindings(
  { ports, node }: Agreement,
  facts: AgreementFacts,
): readonly Finding[] {
  const other = ports.filter(({ state }) => state !== 'right');
  const [first] = other;
  if (first && isOfAnotherSetup({ ports })) {
    const message = l10n.t`The configuration, the release or the objects at hand may not be this node's: ${other.length} of its ${ports.length} Service ports differ from what kube-proxy 1.${facts.release} writes.`;
    const range = rangeOf(first.differences, facts.source);
    return [{ severity: 'information', code: 'rules-of-another-setup', message, range }];
  }
  const own = facts.partsJudged ? other.filter((port) => !isJudged(port, facts)) : other;
  const found = own.map((port) => portFinding(port, facts));
  if (node.length > 0) {
    const message = l10n.t`Rules that every node has are not as kube-proxy 1.${facts.release} writes them: ${count(node)}, as ${example(node)}.`;
    const severity = facts.exact ? 'warning' : 'information';
    const range = rangeOf(node, facts.source);
    found.push({ severity, code: 'node-rules-differ', message, range });
  }
  return found;
}

/** Whether most Service ports differ: then configuration or release at hand are not this node's. */
export function isOfAnotherSetup({ ports }: Pick<Agreement, 'ports'>): boolean {
  const other = ports.filter(({ state }) => state !== 'right');
  return other.length > 10 && other.length * 2 > ports.length;
}

const judgedRoles: ReadonlySet<RuleRole | undefined> = new Set<RuleRole>([
  'cluster-ip',
  'external-ip',
  'load-balancer-ip',
  'node-port',
  'source-range',
  'affinity',
]);

function isJudged(
  { servicePort, state, differences }: PortAgreement,
  { rangesJudged = true }: AgreementFacts,
): boolean {
  const judges = (role: RuleRole | undefined) =>
    judgedRoles.has(role) && (rangesJudged || role !== 'source-range');
  if (!servicePort || state === 'missing') return true;
  // Those checks are silent on objects that are newer.
  if (state === 'newer') return false;
  const choosers = differences.filter(isChooser);
  return differences.every(
    (one) =>
      isOfEndpoint(one) ||
      (isChooser(one) && differInEndpoints(choosers)) ||
      (one.kind === 'missing' && judges(one.expected?.role)),
  );
}

function portFinding(port: PortAgreement, { source, release, exact }: AgreementFacts): Finding {
  const { title, state, differences, reasons, servicePort } = port;
  const why = reasons.slice(0, 3).join(l10n.t('; '));
  const rest = reasons.length > 3 ? l10n.t` and ${reasons.length - 3} reasons more` : '';
  const because = why === '' ? l10n.t`as ${example(differences)}` : `${why}${rest}`;
  const likely = exact ? '' : l10n.t(' (likely: not all of this release is known exactly)');
  const message =
    state === 'newer'
      ? l10n.t`${title}: its objects are newer than the dump, whose rules differ from them.`
      : l10n.t`${title}: ${count(differences)}, against what kube-proxy 1.${release} writes${likely}: ${because}.`;
  const object = servicePort?.service.range;
  return {
    severity: state === 'newer' || !exact ? 'information' : 'warning',
    code: 'service-rules-differ',
    message,
    range: rangeOf(differences, source),
    // `shop/cart:grpc` is a port of shop/cart.
    service: title.split(':', 1)[0]!,
    ...(object && { related: [{ message: l10n.t('the Service'), range: object }] }),
  };
}

/** `2 rules are missing, 1 is stale`. */
function count(differences: readonly RuleDifference[]): string {
  let [missing, stale, order] = [0, 0, 0];
  for (const { kind, wanted } of differences) {
    if (kind === 'missing') missing++;
    else if (kind === 'missing-chain') missing += Math.max(1, wanted?.rules.length ?? 0);
    else if (kind === 'stale') stale++;
    else order++;
  }
  const parts = [
    missing > 0 && l10n.t`${rules(missing)} missing`,
    stale > 0 && l10n.t`${rules(stale)} stale`,
    order > 0 && l10n.t`${rules(order)} out of order`,
  ];
  return parts.filter(Boolean).join(l10n.t(', '));
}

function rules(number: number): string {
  return number === 1 ? l10n.t('1 rule is') : l10n.t`${number} rules are`;
}

function example([first]: readonly RuleDifference[]): string {
  if (!first) return l10n.t('none');
  const { chain, expected, actual, wanted } = first;
  const text = expected?.text ?? actual?.text ?? wanted?.rules[0]?.text ?? '';
  return `"${chain} ${text}"`;
}

/** The first of the rules that is in the dump, else the dump's beginning. */
function rangeOf(differences: readonly RuleDifference[], source: string): SourceRange {
  const line = differences.find(({ actual }) => actual)?.actual?.line ?? 0;
  return { source, line, start: 0, end: 0 };
}
