import { bySeverity, type Finding } from '../../core/finding';
import { faultCount } from '../../workspace/findings/faultCount';
import type { Target, TreeNode, TreeWorld } from './node';

/**
 * The first row below what something is wrong with: how much, the worst as its tooltip, and the way
 * to the page that tells all. None where nothing is wrong, or is known to be.
 *
 * @param findings errors and warnings
 */
export function faultRows(
  { l10n }: TreeWorld,
  parent: string,
  findings: readonly Finding[],
  target: Target,
): readonly TreeNode[] {
  if (findings.length === 0) return [];
  const isBroken = findings.some(({ severity }) => severity === 'error');
  return [
    {
      id: `${parent}/findings`,
      label: faultCount({ l10n }, findings.length),
      description: findings[0]?.message,
      tooltip: findings
        .slice(0, 5)
        .map(({ message }) => message)
        .join('\n'),
      icon: isBroken ? 'error' : 'warning',
      color: isBroken ? 'list.errorForeground' : 'list.warningForeground',
      contextValue: 'findings',
      target,
      command: {
        id: 'kubeProxyInspector.explorer.whatIsWrong',
        title: l10n.t('What Is Wrong Here?'),
      },
    },
  ];
}

/** What several nodes have is one thing that is wrong; the worst first. */
export function distinct(findings: readonly Finding[]): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const one of findings) found.set(`${one.code} ${one.message}`, one);
  return [...found.values()].sort(bySeverity);
}
