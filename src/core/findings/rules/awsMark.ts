import * as l10n from '@vscode/l10n';
import { hex } from '../../hex';
import type { NodeState, RoutingRule } from '../../node';
import { commentOf } from '../../rules/lookUp';
import type { Rule } from '../../rules/ruleset';
import type { Check } from '../check';
import { isWhole, readRules, tablesOf } from '../tables';

/**
 * The AWS VPC CNI marks connections that come in by the primary interface, gives their answers the mark
 * back, and a routing rule sends these out where they came in. Without one of the two, a NodePort whose
 * Pod has an address of another interface does not answer (amazon-vpc-cni-k8s#75).
 */
export const awsMark: Check = {
  code: 'aws-answers-leave-elsewhere',
  severity: 'warning',
  title: l10n.t('answers of NodePorts leave by another interface than the primary one'),
  *find({ node }) {
    const { routingRules: rules } = node;
    // A whole dump has the rule of the main table.
    if (!rules?.some(({ family, priority }) => family === 4 && priority === mainPriority)) return;
    for (const { ruleset, table } of tablesOf(node, 'mangle')) {
      if (ruleset.family !== 4) continue;
      yield undefined;
      const restores = (yield* readRules(table, 'PREROUTING')).find(
        (rule) => restoredBits(rule) > 0,
      );
      if (restores) {
        const bits = restoredBits(restores);
        if (rules.some((rule) => asksFor(rule, bits))) continue;
        yield {
          message: l10n.t`Answers get the mark ${hex(bits)} back, and no routing rule asks for it (ip rule: fwmark ${hex(bits)}/${hex(bits)} lookup main): those of Pods with an address of another interface leave by that one.`,
          range: restores.range,
        };
        continue;
      }
      const asks = rules.find((rule) => asksFor(rule, usualBit));
      if (!asks || !isAws(node) || !isWhole(table, 'PREROUTING')) continue;
      yield {
        message: l10n.t`A routing rule asks for the mark ${hex(usualBit)}, and no rule of mangle PREROUTING gives it back to answers: those of Pods with an address of another interface leave by that one.`,
        range: asks.range,
      };
    }
  },
};

/** Of the rule `from all lookup main` that the kernel makes itself. */
const mainPriority = 32766;
/** AWS_VPC_K8S_CNI_CONNMARK by default. */
const usualBit = 0x80;

/** Of `-m comment --comment "AWS, primary ENI" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80`. */
function restoredBits(rule: Rule): number {
  const { target } = rule;
  if (target?.kind !== 'CONNMARK' || !('restore' in target.operation)) return 0;
  return commentOf(rule).startsWith('AWS') ? target.operation.restore.nfmask : 0;
}

function asksFor({ family, mark, negated, action, from, to }: RoutingRule, bits: number): boolean {
  if (family !== 4 || negated || from || to || action.kind !== 'lookup') return false;
  return mark !== undefined && mark.mask === bits && mark.value === bits && action.table === 'main';
}

function isAws({ rulesets }: NodeState): boolean {
  return rulesets.some(({ tables }) => tables.get('nat')?.chains.has('AWS-SNAT-CHAIN-0'));
}
